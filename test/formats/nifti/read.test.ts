import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IsochromatError } from '../../../main/domain/errors.ts';
import { looksLikeNifti, openNifti } from '../../../main/formats/nifti/index.ts';
import type { NiftiFile } from '../../../main/formats/nifti/index.ts';
import { temporaryFolder } from '../temporary.ts';
import { niftiBytes } from './build.ts';

const file = temporaryFolder();

async function allSlices(image: NiftiFile, volume = 0): Promise<number[][]> {
  const slices: number[][] = [];
  for await (const slice of image.readSlices(volume)) slices.push([...slice]);
  return slices;
}

const ramp = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe('a NIfTI image', () => {
  it.each([
    ['version 1', {}],
    ['version 2', { version: 2 as const }],
    ['big-endian', { bigEndian: true }],
    ['version 2, big-endian', { version: 2 as const, bigEndian: true }],
  ])('is read slice by slice with its scaling: %s', async (_, options) => {
    const bytes = niftiBytes({ ...options, datatype: 4, shape: [3, 2, 2], slope: 2, intercept: -5, values: ramp(12) });
    for (const [name, content] of [
      ['plain.nii', bytes],
      ['packed.nii.gz', gzipSync(bytes)],
    ] as const) {
      await writeFile(file(name), content);
      const image = await openNifti(file(name));
      expect(image).toMatchObject({
        columns: 3,
        rows: 2,
        slices: 2,
        volumes: 1,
        complex: false,
        datatype: 'int16',
        geometry: null,
      });
      const scaled = ramp(12).map((value) => 2 * value - 5);
      expect(await allSlices(image)).toEqual([scaled.slice(0, 6), scaled.slice(6)]);
    }
  });

  it('may hold several volumes', async () => {
    const bytes = niftiBytes({ datatype: 16, shape: [2, 2, 2, 3], values: ramp(24) });
    await writeFile(file('four.nii.gz'), gzipSync(bytes));
    const image = await openNifti(file('four.nii.gz'));
    expect(image.volumes).toBe(3);
    expect(await allSlices(image, 2)).toEqual([ramp(24).slice(16, 20), ramp(24).slice(20)]);
    await expect(allSlices(image, 3)).rejects.toMatchObject({ code: 'nifti-volume-out-of-range' });
  });

  it('written by nibabel is turned as scanners show it, and lies where nibabel puts it', async () => {
    // nibabel 5: arange(24).reshape(4, 3, 2, order='F') * (1 + 0.5j) as complex64, affine diag(-0.8, 0.9, 5) with
    // translation (70, -80, -30): columns run to the left, rows to the front.
    const packed =
      'H4sIAAAAAAACA4thZCAKMDOwADETAyMUogIFBgcw3bD/7Bkf+7S0NHsGhgVAoQZ7VLzBGUKDARPDgAOYE2Bu6nECuvsQA8OHg0B/7EeoA4kz' +
      'MED8BQIgNTAA8ueHg+gm52kboomA7QBhaLg4AOkDoHBxgIiBzFEAiTlA5B4AcQJIzhGiRgBITwCpcYSoNQDSG0BqHSF6AoD0BZAeR4jeAiD9' +
      'AWSXI8SMDiDmAJnhCDFrBhBLgMxyhJi5Aog1QGY6QszeAcQWjgBfQfY7IAIAAA==';
    await writeFile(file('nibabel.nii.gz'), Buffer.from(packed, 'base64'));
    const image = await openNifti(file('nibabel.nii.gz'));
    expect(image).toMatchObject({ columns: 4, rows: 3, slices: 2, complex: true, datatype: 'complex64' });
    expect(image.pixelSpacing).toEqual([expect.closeTo(0.9), expect.closeTo(0.8)]);
    const [first] = await allSlices(image);
    // The first row shown is the last one stored: 8, 9, 10, 11.
    expect(first!.slice(0, 8)).toEqual([8, 4, 9, 4.5, 10, 5, 11, 5.5]);
    const geometry = image.geometry!;
    expect(geometry).toMatchObject({ plane: 'axial', sliceSpacing: 5 });
    expect(geometry.edges).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
    // Voxel (0, 2, 0) is at (70, -78.2, -30) by nibabel, which counts to the right and to the front.
    expect(geometry.origin).toEqual([expect.closeTo(-70, 4), expect.closeTo(78.2, 4), expect.closeTo(-30, 4)]);
  });

  it('is recognised by its first bytes', () => {
    expect(looksLikeNifti(niftiBytes({ datatype: 4, shape: [2, 2, 2], values: ramp(8) }))).toBe(true);
    expect(
      looksLikeNifti(niftiBytes({ version: 2, bigEndian: true, datatype: 4, shape: [2, 2, 2], values: ramp(8) })),
    ).toBe(true);
    expect(looksLikeNifti(Buffer.alloc(600))).toBe(false);
    expect(looksLikeNifti(Buffer.from('text'))).toBe(false);
  });
});

describe('a file that only claims to be a NIfTI image', () => {
  const good = niftiBytes({ datatype: 4, shape: [4, 4, 4], values: ramp(64) });
  const changed = (change: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(good);
    change(bytes);
    return bytes;
  };
  it.each([
    ['empty', Buffer.alloc(0), 'nifti-not-nifti'],
    ['text', Buffer.from('x'.repeat(600)), 'nifti-not-nifti'],
    ['cut in its header', good.subarray(0, 200), 'nifti-not-nifti'],
    ['cut in its voxels', good.subarray(0, 400), 'nifti-truncated'],
    ['one of a pair', changed((bytes) => bytes.write('ni1\0', 344, 'latin1')), 'nifti-pair'],
    ['of colours', changed((bytes) => bytes.writeInt16LE(128, 70)), 'nifti-datatype'],
    ['of no slices', changed((bytes) => bytes.writeInt16LE(0, 46)), 'nifti-shape'],
    ['of minus one row', changed((bytes) => bytes.writeInt16LE(-1, 44)), 'nifti-shape'],
    ['of nine dimensions', changed((bytes) => bytes.writeInt16LE(9, 40)), 'nifti-shape'],
    ['of absurd size', changed((bytes) => bytes.writeInt16LE(32767, 42)), 'nifti-shape'],
    ['larger than its file', changed((bytes) => bytes.writeInt16LE(8000, 42)), 'nifti-truncated'],
    ['with voxels in its header', changed((bytes) => bytes.writeFloatLE(20, 108)), 'nifti-truncated'],
    ['with voxels nowhere', changed((bytes) => bytes.writeFloatLE(Number.NaN, 108)), 'nifti-truncated'],
    ['cut while compressed', gzipSync(good).subarray(0, 60), 'gzip-damaged'],
  ])('is refused: %s', async (_, content, code) => {
    await writeFile(file('bad.nii.gz'), content);
    const reading = openNifti(file('bad.nii.gz')).then(allSlices);
    await expect(reading).rejects.toMatchObject({ code, subject: file('bad.nii.gz') });
  });

  it('is refused when it announces more than any compression could hold', async () => {
    const bomb = niftiBytes({ datatype: 4, shape: [8, 8, 8], values: ramp(512) });
    [8000, 8000, 8000].forEach((extent, i) => bomb.writeInt16LE(extent, 42 + 2 * i));
    await writeFile(file('bomb.nii.gz'), gzipSync(bomb));
    await expect(openNifti(file('bomb.nii.gz'))).rejects.toMatchObject({ code: 'nifti-truncated' });
  });

  it('is refused when a slice holds what is no number, naming the slice', async () => {
    const values = Float32Array.from(ramp(8));
    values[6] = Number.NaN;
    await writeFile(file('nan.nii'), niftiBytes({ datatype: 16, shape: [2, 2, 2], values }));
    await expect(openNifti(file('nan.nii')).then(allSlices)).rejects.toMatchObject({
      code: 'nifti-not-finite',
      sentence: expect.stringContaining('Slice 1 '),
    });
  });

  it('is read or refused, never worse, when bytes of it change', async () => {
    const images = [good, gzipSync(good)];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...images),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 5 }),
        async (image, changes) => {
          const bytes = Buffer.from(image);
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          await writeFile(file('mutant.nii'), bytes);
          await openNifti(file('mutant.nii'))
            .then((mutant) => allSlices(mutant))
            .catch((thrown) => expect(thrown).toBeInstanceOf(IsochromatError));
        },
      ),
      { numRuns: 300 },
    );
  });
});
