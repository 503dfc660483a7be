import type { IsochromatError } from '../../domain/errors.ts';
import { asIsochromatError } from '../../domain/errors.ts';
import { borrowFloats } from '../../kernels/scan.ts';
import type { FastMriFile } from './read.ts';

/**
 * Reads every slice once and says what is wrong with which: what opening the file cannot see. Memory is one slice.
 * @returns one error a bad slice, in order; empty when the file is sound
 */
export function validateFastMri(file: FastMriFile): IsochromatError[] {
  const found: IsochromatError[] = [];
  const scratch = borrowFloats(2 * file.coils * file.readout * file.columns);
  for (let slice = 0; slice < file.slices; slice++) {
    try {
      file.readKspaceSlice(slice, scratch.floats);
      file.readReconstructionSlice(slice);
    } catch (thrown) {
      found.push(asIsochromatError(thrown, file.path));
    }
  }
  scratch.giveBack();
  return found;
}
