// Named tensors in one file: weights, optimiser moments, checkpoints.
export { readSafetensors, readSafetensorsHeader } from './safetensors/read.ts';
export type { SafeTensor } from './safetensors/read.ts';
export { writeSafetensors } from './safetensors/write.ts';
export type { TensorContent } from './safetensors/write.ts';
export type { TensorDtype } from './safetensors/header.ts';
