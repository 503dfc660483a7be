/** Losses; each name says how it is reduced to one number. */
export { meanAbsolutePlusGradientLoss } from './absolute-and-gradient.ts';
export { binaryCrossEntropyMean, softmaxCrossEntropyMean } from './cross-entropy.ts';
export { klDivergenceMean } from './kl-divergence.ts';
export { meanSquaredError } from './squared-error.ts';
