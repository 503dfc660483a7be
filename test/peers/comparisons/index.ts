import { espiritComparison, readingComparisons } from './acquisition.ts';
import { autoencoderComparisons } from './autoencoder.ts';
import type { Comparison } from './comparison.ts';
import { convolutionComparisons } from './convolution.ts';
import { dicomComparison } from './dicom.ts';
import { flowComparisons } from './flow.ts';

/** Everything that is compared with other programs. */
export const comparisons: readonly Comparison[] = [
  ...convolutionComparisons,
  ...flowComparisons,
  ...autoencoderComparisons,
  espiritComparison,
  ...readingComparisons,
  dicomComparison,
];
