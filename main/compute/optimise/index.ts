/** Parameters and what trains them. */
export { AdamW, type AdamWOptions, type AdamWState, type ParameterGroup, type StepReport } from './adamw.ts';
export { type Initialiser, normal, ones, scaledNormal, zeros } from './initialisers.ts';
export { type Parameters, ParameterSet, type ParameterValues } from './parameters.ts';
