import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFastMri } from '../../main/formats/fastmri/index.ts';
import { writePhantomDataset } from '../../main/jobs/phantom.ts';
import type { PhantomDataset } from '../../main/jobs/phantom.ts';
import { planDataset, renderVolume, writePatient, writeVolume } from '../../main/phantom/index.ts';
import { ifft2c } from '../../main/recon/fft.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isochromat-phantom-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a written volume', () => {
  const [plan] = planDataset({ volumes: 1, slices: 2, size: 64, coils: 4, seed: 9, fieldStrengths: [1.5] });

  test('is read by the reader of fastMRI files, with header and attributes', async () => {
    await writeVolume(plan!, folder);
    const file = await openFastMri(join(folder, `${plan!.file}.h5`));
    try {
      expect([file.slices, file.coils, file.readout, file.columns]).toEqual([2, 4, 128, 64]);
      expect([file.reconRows, file.reconColumns, file.sequence]).toEqual([64, 64, plan!.sequence]);
      expect(file.header.fieldStrength).toBe(1.5);
      expect(file.header.encodedFieldOfView.x).toBe(2 * file.header.reconFieldOfView.x);
      expect(file.patientId).toBe(plan!.patientId);
      expect(String(file.attributes['phantom'])).toContain('no measurement of a person');
    } finally {
      file.close();
    }
  });

  test('has the root sum of squares of its own k-space as its reconstruction', async () => {
    const file = await openFastMri(join(folder, `${plan!.file}.h5`));
    try {
      for (let slice = 0; slice < 2; slice++) {
        const coils = ifft2c(file.readKspaceSlice(slice)).data;
        const expected = file.readReconstructionSlice(slice)!;
        const largest = Math.max(...expected);
        for (let p = 0; p < 64 * 64; p++) {
          let energy = 0;
          for (let coil = 0; coil < 4; coil++) {
            const at = 2 * (coil * 128 * 64 + 32 * 64 + p);
            energy += coils[at]! ** 2 + coils[at + 1]! ** 2;
          }
          expect(Math.abs(Math.sqrt(energy) - expected[p]!)).toBeLessThan(1e-5 * largest);
        }
      }
    } finally {
      file.close();
    }
  });

  test('shows the rendered head: its reconstruction follows the image without noise', async () => {
    const { image } = renderVolume(plan!);
    const file = await openFastMri(join(folder, `${plan!.file}.h5`));
    try {
      const rss = file.readReconstructionSlice(1)!;
      const truth = image.data.subarray(2 * 64 * 64);
      let [xy, xx, yy] = [0, 0, 0];
      for (let p = 0; p < rss.length; p++) {
        const value = Math.hypot(truth[2 * p]!, truth[2 * p + 1]!);
        xy += value * rss[p]!;
        xx += value * value;
        yy += rss[p]! ** 2;
      }
      expect(xy / Math.sqrt(xx * yy)).toBeGreaterThan(0.9);
    } finally {
      file.close();
    }
  });

  test('is the same file, byte by byte, when it is written again later', async () => {
    const again = await mkdtemp(join(folder, 'again-'));
    // HDF5 dates what it writes to the second. Splits are drawn by the hash of a file: a date in it would change them.
    await new Promise((later) => setTimeout(later, 1100));
    await writeVolume(plan!, again);
    const [a, b] = await Promise.all([folder, again].map((where) => readFile(join(where, `${plan!.file}.h5`))));
    expect(a!.equals(b!)).toBe(true);
  });
});

test('a volume that cannot be written does not keep the others of its patient from it', async () => {
  const plans = planDataset({ volumes: 2, slices: 1, size: 32, coils: 1, seed: 3, unlabeledShare: 0 });
  expect(plans[0]!.patientId).toBe(plans[1]!.patientId);
  const [bad, good] = await writePatient([{ ...plans[0]!, file: 'no/such/folder' }, plans[1]!], folder);
  expect(bad).toMatchObject({ ok: false, error: { code: 'write-failed' } });
  expect(good).toMatchObject({ ok: true, value: { plan: { file: plans[1]!.file } } });
});

describe('a written data set', () => {
  let dataset: PhantomDataset;
  let folderOfSet = '';
  beforeAll(async () => {
    folderOfSet = join(folder, 'set');
    dataset = await writePhantomDataset(
      { volumes: 6, slices: 3, size: 48, coils: 2, seed: 2, unlabeledShare: 0.34 },
      folderOfSet,
      {},
      2,
    );
  }, 60_000);

  test('has its tables: annotations on flipped images that convert back to the stored ones', async () => {
    expect(dataset.failed).toEqual([]);
    const rows = parse(await readFile(join(folderOfSet, 'annotations.csv')), { columns: true }) as Record<
      string,
      string
    >[];
    expect(Object.keys(rows[0]!)).toEqual(['file', 'slice', 'study_level', 'x', 'y', 'width', 'height', 'label']);
    const boxes = dataset.written.flatMap(({ plan, annotations }) =>
      (annotations?.boxes ?? []).map((box) => ({ file: plan.file, ...box })),
    );
    const back = rows
      .filter((row) => row['study_level'] === 'No')
      .map((row) => ({
        file: row['file'],
        slice: Number(row['slice']),
        top: 48 - Number(row['y']) - Number(row['height']),
        left: Number(row['x']),
        height: Number(row['height']),
        width: Number(row['width']),
        label: row['label'],
      }));
    expect(back).toEqual(boxes);
    expect(boxes.length).toBeGreaterThan(0);
    const global = rows.filter((row) => row['study_level'] === 'Yes');
    expect(global.every((row) => row['label'] === 'Normal for age' && row['x'] === '' && row['slice'] === '0')).toBe(
      true,
    );
  });

  test('lists the reviewed files, and no annotation of the others', async () => {
    const listed = (await readFile(join(folderOfSet, 'reviewed_files.csv'), 'utf8')).trim().split('\n');
    const reviewed = dataset.written
      .filter(({ plan }) => plan.tissueClass !== 'unlabeled')
      .map(({ plan }) => plan.file);
    expect(listed).toEqual(reviewed);
    const annotations = await readFile(join(folderOfSet, 'annotations.csv'), 'utf8');
    for (const { plan } of dataset.written)
      if (plan.tissueClass === 'unlabeled') expect(annotations).not.toContain(plan.file);
  });

  test('says in its description that it is a phantom, and how every volume was made', async () => {
    const description = JSON.parse(await readFile(join(folderOfSet, 'phantom.json'), 'utf8'));
    expect(description.phantom).toBe(true);
    expect(description.notice).toContain('No image here was measured on a person');
    expect(description.volumes).toHaveLength(6);
    expect(description.volumes[0].protocol.repetitionTime).toBeGreaterThan(0);
  });

  test('is not mixed into a folder that holds another', async () => {
    await expect(
      writePhantomDataset({ volumes: 1, slices: 1, size: 32, coils: 1, seed: 1 }, folderOfSet),
    ).rejects.toMatchObject({
      code: 'phantom-folder-not-empty',
    });
  });

  test('can be cancelled', async () => {
    const stop = new AbortController();
    const work = writePhantomDataset(
      { volumes: 20, slices: 1, size: 32, coils: 2, seed: 2 },
      join(folder, 'cancelled'),
      {
        signal: stop.signal,
        onProgress: ({ done }) => {
          if (done > 0) stop.abort();
        },
      },
    );
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  });
});
