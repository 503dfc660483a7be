import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFastMri, writeFastMri } from '../../../main/formats/fastmri/index.ts';
import type { FastMriContent, FastMriSlice } from '../../../main/formats/fastmri/index.ts';
import { temporaryFolder } from '../temporary.ts';

const file = temporaryFolder();

function content(slices: number, coils: number, readout: number, columns: number): FastMriContent {
  return {
    acquisition: 'AXT1POST',
    patientId: 'phantom-7',
    slices,
    coils,
    readout,
    columns,
    header: {
      encodedMatrix: { x: readout, y: columns, z: 1 },
      reconMatrix: { x: readout / 2, y: columns, z: 1 },
      fieldStrength: 3,
      protocolName: 'a < b & c',
    },
  };
}

describe('a written fastMRI file', () => {
  it('is read back number for number', async () => {
    const shapes = fc.record({
      slices: fc.integer({ min: 1, max: 4 }),
      coils: fc.integer({ min: 1, max: 4 }),
      half: fc.integer({ min: 8, max: 20 }),
      columns: fc.integer({ min: 8, max: 33 }),
      seed: fc.integer(),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ slices, coils, half, columns, seed }) => {
        const all: FastMriSlice[] = Array.from({ length: slices }, (_, s) => ({
          kspace: Float32Array.from({ length: 4 * coils * half * columns }, (_, i) => Math.sin(seed + s + i)),
          reconstruction: Float32Array.from({ length: half * columns }, (_, i) => Math.abs(Math.cos(seed + s + i))),
        }));
        await writeFastMri(file('any.h5'), content(slices, coils, 2 * half, columns), all);
        const back = await openFastMri(file('any.h5'));
        expect(back).toMatchObject({ sequence: 'AXT1POST', patientId: 'phantom-7', slices, coils, reconRows: half });
        expect(back.header.protocolName).toBe('a < b & c');
        all.forEach(({ kspace, reconstruction }, s) => {
          expect(back.readKspaceSlice(s)).toEqual({ shape: [coils, 2 * half, columns], data: kspace });
          expect(back.readReconstructionSlice(s)).toEqual(reconstruction);
        });
        const values = all.flatMap(({ reconstruction }) => [...reconstruction!]);
        expect(back.attributes['max']).toBe(Math.max(...values));
        expect(back.attributes['norm']).toBeCloseTo(Math.hypot(...values), 6);
        back.close();
      }),
      { numRuns: 20 },
    );
  });

  it('tells zero-filled columns from measured ones', async () => {
    const [readout, columns, left, right] = [16, 20, 3, 2];
    const kspace = Float32Array.from({ length: 2 * readout * columns }, (_, i) => {
      const column = Math.floor(i / 2) % columns;
      return column < left || column >= columns - right ? 0 : 1 + i;
    });
    const described = content(1, 1, readout, columns);
    described.header.limits = {
      kspace_encoding_step_1: { minimum: 0, maximum: columns - left - right - 1, center: 7 },
    };
    await writeFastMri(file('padded.h5'), described, [{ kspace }]);
    const padded = await openFastMri(file('padded.h5'));
    expect(padded.zeroFilledColumns).toEqual({ left, right });
    padded.close();
    // A header that calls measured columns empty is not believed.
    await writeFastMri(file('lying.h5'), described, [{ kspace: kspace.map((value) => value + 1) }]);
    const lying = await openFastMri(file('lying.h5'));
    expect(lying.zeroFilledColumns).toEqual({ left: 0, right: 0 });
    lying.close();
  });

  it.each([
    ['too few slices', [new Float32Array(2 * 16 * 8).fill(1)]],
    ['a slice of another size', [new Float32Array(4), new Float32Array(4)]],
  ])('does not appear when there are %s', async (_, slices) => {
    const writing = writeFastMri(
      file('never.h5'),
      content(2, 1, 16, 8),
      slices.map((kspace) => ({ kspace })),
    );
    await expect(writing).rejects.toMatchObject({ code: 'fastmri-write' });
    expect((await readdir(dirname(file('x')))).filter((name) => name.startsWith('never'))).toEqual([]);
  });

  it('does not appear in a folder that is not there', async () => {
    const slices = [{ kspace: new Float32Array(2 * 16 * 8).fill(1) }];
    await expect(writeFastMri(file('no/where.h5'), content(1, 1, 16, 8), slices)).rejects.toMatchObject({
      code: 'write-failed',
    });
  });
});
