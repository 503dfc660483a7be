import { buildKernels } from '../scripts/build-wasm.ts';

/** Tests run the kernels of the present sources. */
export default async function setup(): Promise<void> {
  await buildKernels();
}
