import { openFastMri } from '../../../main/formats/fastmri/index.ts';
import { borrowFloats } from '../../../main/kernels/scan.ts';
import { floats } from './task.ts';
import type { PrepareTask } from './task.ts';

/** All slices of a fastMRI file, one after the other into the same array; with `check` each is looked through as imports do it. */
export const readSlices: PrepareTask = async (_input, { file: path, check }) => {
  const file = await openFastMri(String(path));
  const { floats: into } = borrowFloats(2 * file.coils * file.readout * file.columns);
  return {
    version: 'cpu-simd',
    answer: async () => ({ kspace: floats(file.readKspaceSlice(file.slices - 1, into).data.slice()) }),
    run: async () => {
      for (let slice = 0; slice < file.slices; slice++) file.readKspaceSlice(slice, into, check === 'yes');
    },
  };
};
