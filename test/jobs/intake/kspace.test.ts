import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeFastMri } from '../../../main/formats/fastmri/index.ts';
import { inspectPaths } from '../../../main/jobs/inspect.ts';
import { temporaryFolder } from '../../study/temporary-study.ts';

/** A fastMRI file of one slice and two coils, with columns at either side that hold zeros, as its header says. */
async function fastMriWithZeros(left: number, right: number): Promise<string> {
  const [readout, columns] = [32, 24];
  const path = join(temporaryFolder(), 'file_brain_AXT2_1_1.h5');
  const kspace = Float32Array.from({ length: 2 * 2 * readout * columns }, (_, i) => {
    const column = Math.floor(i / 2) % columns;
    return column < left || column >= columns - right ? 0 : 1 + (i % 5);
  });
  const header = {
    encodedMatrix: { x: readout, y: columns, z: 1 },
    reconMatrix: { x: readout / 2, y: columns, z: 1 },
    limits: {
      kspace_encoding_step_1: { minimum: 0, maximum: columns - left - right - 1, center: columns / 2 - left },
    },
  };
  const content = { acquisition: 'AXT2', patientId: '', slices: 1, coils: 2, readout, columns, header };
  await writeFastMri(path, content, [{ kspace }]);
  return path;
}

describe('k-space', () => {
  test('of which columns were not measured says how many', async () => {
    const { volumes } = await inspectPaths([await fastMriWithZeros(3, 2), await fastMriWithZeros(0, 0)]);
    expect(volumes.map(({ notes }) => notes).sort()).toEqual([
      [],
      [expect.stringMatching(/^5 of 24 columns of k-space were not measured and hold zeros/)],
    ]);
  });

  test('of single readouts says which of them are no part of the image, and what was not measured', async () => {
    const path = join(temporaryFolder(), 'raw.h5');
    copyFileSync(join(import.meta.dirname, '../../formats/ismrmrd/interleaved_partial_fourier.h5'), path);
    const { volumes } = await inspectPaths([path]);
    expect(volumes.map(({ notes }) => notes)).toEqual([
      [
        'Left out, as no part of the image: 1 × noise.',
        'Left out, as no part of the image: 10 × navigator.',
        'Left out, as no part of the image: 1 × calibration.',
        'Left out, as no part of the image: 1 × other encoding.',
        '2 of 12 columns of k-space were not measured (partial Fourier).',
      ],
    ]);
  });
});
