import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IsochromatError } from '../../../main/domain/errors.ts';
import { Hdf5File } from '../../../main/formats/hdf5/file.ts';
import { openIsmrmrd } from '../../../main/formats/ismrmrd/index.ts';
import { dataFile, describeWithData } from '../../data.ts';
import { temporaryFolder } from '../temporary.ts';

const file = temporaryFolder();
/** Written by make_fixture.py beside it, which says what it holds. */
const fixture = join(dirname(fileURLToPath(import.meta.url)), 'interleaved_partial_fourier.h5');

describe('ISMRMRD raw data', () => {
  it('are sorted: interleaved slices by position, reversed lines turned, repeated lines averaged, echoes centred', async () => {
    const raw = await openIsmrmrd(fixture);
    expect(raw.volumes.length).toBe(1);
    const volume = raw.volumes[0]!;
    expect(volume).toMatchObject({ slices: 3, coils: 2, readout: 16, columns: 12 });
    for (let slice = 0; slice < 3; slice++) {
      const { shape, data } = volume.readKspaceSlice(slice);
      expect(shape).toEqual([2, 16, 12]);
      const expected = new Float32Array(data.length);
      for (let coil = 0; coil < 2; coil++) {
        for (let row = 2; row < 16; row++) {
          for (let column = 2; column < 12; column++) {
            const at = 2 * ((coil * 16 + row) * 12 + column);
            expected[at] = 1000 * (slice + 1) + 100 * coil + row;
            expected[at + 1] = column + 1;
          }
        }
      }
      expect(data).toEqual(expected);
    }
    raw.close();
  });

  it('tell what was measured, what was left out, and the image that was meant', async () => {
    const raw = await openIsmrmrd(fixture);
    expect(raw.skipped).toEqual({ noise: 1, navigator: 10, calibration: 1, 'other encoding': 1 });
    expect(raw.header).toMatchObject({ repetitionTimes: [500], echoTimes: [10] });
    const { zeroFilledColumns, columnMask, reconRows, reconColumns } = raw.volumes[0]!;
    expect(zeroFilledColumns).toEqual({ left: 2, right: 0 });
    expect([...columnMask!]).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    // 440 of 220 mm along the readout and 240 of 220 mm along the phase encoding, in pixels as acquired.
    expect([reconRows, reconColumns]).toEqual([8, 11]);
    raw.close();
  });

  it('fill the array that they are given, whatever was in it', async () => {
    const raw = await openIsmrmrd(fixture);
    const volume = raw.volumes[0]!;
    const into = new Float32Array(2 * 2 * 16 * 12).fill(5);
    const given = volume.readKspaceSlice(1, into);
    expect(given.data).toBe(into);
    expect(given).toEqual(volume.readKspaceSlice(1));
    expect(() => volume.readKspaceSlice(3)).toThrow(expect.objectContaining({ code: 'slice-out-of-range' }));
    raw.close();
  });

  it.each([
    ['a radial trajectory', 'cartesian', 'radial\u0020\u0020\u0020', 'ismrmrd-trajectory'],
    ['a three-dimensional matrix', '<z>1</z>', '<z>8</z>', 'ismrmrd-3d'],
    ['a smaller matrix than its lines', '<y>12</y>', '<y>08</y>', 'ismrmrd-outside'],
    ['a matrix of nothing', '<x>16</x>', '<x>00</x>', 'ismrmrd-matrix'],
    ['no header', '<ismrmrdHeader', '<somethingElse', 'ismrmrd-header-not-xml'],
  ])('are refused with %s', async (_, from, to, code) => {
    const bytes = await readFile(fixture);
    const at = bytes.indexOf(from);
    expect(at).toBeGreaterThan(0);
    bytes.write(to, at, 'latin1');
    await writeFile(file('changed.h5'), bytes);
    await expect(openIsmrmrd(file('changed.h5'))).rejects.toMatchObject({ code });
  });

  it('are read or refused, never worse, when bytes of them change', async () => {
    const good = await readFile(fixture);
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        await writeFile(file('mutant.h5'), bytes);
        try {
          const raw = await openIsmrmrd(file('mutant.h5'));
          try {
            for (const volume of raw.volumes) for (let i = 0; i < volume.slices; i++) volume.readKspaceSlice(i);
          } finally {
            raw.close();
          }
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(IsochromatError);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describeWithData('ISMRMRD raw data of other programs', () => {
  it('give the coil images that their simulation started from', async () => {
    const path = dataFile('hdf5_variants', 'not_fastmri_ismrmrd_raw_simulated.h5');
    const raw = await openIsmrmrd(path);
    const { shape, data } = raw.volumes[0]!.readKspaceSlice(0);
    expect(shape).toEqual([4, 128, 64]);
    // The file also holds the noise-free coil images, 128 columns of readout × 64 rows of phase encoding.
    const hdf5 = await Hdf5File.open(path);
    const images = hdf5.dataset('dataset/coil_images');
    expect(images.shape).toEqual([1, 4, 64, 128]);
    const truth = new Float32Array(2 * 4 * 64 * 128);
    hdf5.read(images, [0, 0, 0, 0], [1, 4, 64, 128], new Uint8Array(truth.buffer));
    hdf5.close();
    for (let coil = 0; coil < 4; coil++) {
      // At the brightest pixel of each coil; the simulation added noise of 0.07.
      let brightest = coil * 64 * 128;
      for (let i = coil * 64 * 128; i < (coil + 1) * 64 * 128; i++) {
        if (
          Math.hypot(truth[2 * i]!, truth[2 * i + 1]!) > Math.hypot(truth[2 * brightest]!, truth[2 * brightest + 1]!)
        ) {
          brightest = i;
        }
      }
      const [re, im] = [truth[2 * brightest]!, truth[2 * brightest + 1]!];
      const [column, row] = [Math.floor(brightest / 128) - 64 * coil, brightest % 128];
      const pixel = inverseTransformAt(data, coil, row, column);
      expect(Math.hypot(re, im)).toBeGreaterThan(0.5);
      expect(Math.hypot(pixel.re - re, pixel.im - im)).toBeLessThan(0.25);
    }
    raw.close();
  });

  it('may come from MRIReco, with its own record layout', async () => {
    const raw = await openIsmrmrd(dataFile('hdf5_variants', 'not_fastmri_mrireco_brain_simulated.h5'));
    expect(raw.volumes[0]).toMatchObject({ slices: 1, coils: 1, readout: 256, columns: 256, columnMask: undefined });
    const { data } = raw.volumes[0]!.readKspaceSlice(0);
    const energies = Array.from({ length: 256 }, (_, row) => {
      return data.subarray(2 * 256 * row, 2 * 256 * (row + 1)).reduce((sum, value) => sum + value * value, 0);
    });
    // Most of a brain's energy is at the centre of k-space.
    expect(energies.indexOf(Math.max(...energies))).toBe(128);
    raw.close();
  });

  it('are not fastMRI files', async () => {
    await expect(openIsmrmrd(dataFile('hdf5_variants', 'ok_plain.h5'))).rejects.toMatchObject({
      code: 'ismrmrd-not-raw',
    });
  });
});

/** One pixel of the centred orthonormal inverse transform of a coil, by its definition. */
function inverseTransformAt(data: Float32Array, coil: number, row: number, column: number): { re: number; im: number } {
  const [rows, columns] = [128, 64];
  let [re, im] = [0, 0];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const angle =
        2 *
        Math.PI *
        (((row - rows / 2) * (r - rows / 2)) / rows + ((column - columns / 2) * (c - columns / 2)) / columns);
      const at = 2 * ((coil * rows + r) * columns + c);
      re += data[at]! * Math.cos(angle) - data[at + 1]! * Math.sin(angle);
      im += data[at]! * Math.sin(angle) + data[at + 1]! * Math.cos(angle);
    }
  }
  const scale = 1 / Math.sqrt(rows * columns);
  return { re: re * scale, im: im * scale };
}
