import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DicomCollection, findDicomVolumes, readDicomFile } from '../../../main/formats/dicom/inspect.ts';
import type { DicomFindings, DicomReading } from '../../../main/formats/dicom/inspect.ts';
import { readSlices } from '../../../main/formats/dicom/read-volume.ts';
import { inspectPaths } from '../../../main/jobs/inspect.ts';
import { buildDicom } from '../../jobs/intake/build-dicom.ts';
import type { BuiltImage } from '../../jobs/intake/build-dicom.ts';
import { temporaryFolder } from '../../study/temporary-study.ts';

/** What the images form once they are files of one folder. */
async function found(images: Partial<BuiltImage>[]): Promise<DicomFindings> {
  const folder = join(temporaryFolder(), 'export');
  mkdirSync(folder);
  const collection = new DicomCollection();
  for (const [i, image] of images.entries()) {
    const path = join(folder, `IM${i}`);
    writeFileSync(path, buildDicom({ series: '1', instance: i + 1, position: 0, ...image }));
    await collection.add(path);
  }
  return collection.findings();
}

function pixels(value: (i: number) => number): Uint8Array {
  return new Uint8Array(Int16Array.from({ length: 1024 }, (_, i) => value(i)).buffer);
}

/** Three slices with a magnitude of 1000 and the phase given. */
function pair(phase: Partial<BuiltImage>, common: Partial<BuiltImage>): Partial<BuiltImage>[] {
  return [0, 5, 10].flatMap((position) => [
    { ...common, position, component: 'M', pixels: pixels(() => 1000) },
    { ...common, position, component: 'P', ...phase },
  ]);
}

/** From −π to π over the pixels. */
const FULL_TURN = (i: number): number => 2 * Math.PI * (i / 1024 - 0.5);

async function worstPhase({ volumes }: DicomFindings): Promise<number> {
  expect(volumes).toMatchObject([{ basis: 'magnitude+phase', slices: 3 }]);
  let worst = 0;
  for await (const { data } of readSlices(volumes[0]!)) {
    for (let i = 0; i < 1024; i++) {
      expect(Math.hypot(data[2 * i]!, data[2 * i + 1]!)).toBeCloseTo(1000, 2);
      const difference = Math.atan2(data[2 * i + 1]!, data[2 * i]!) - FULL_TURN(i);
      worst = Math.max(worst, Math.abs(Math.atan2(Math.sin(difference), Math.cos(difference))));
    }
  }
  return worst;
}

const CANON = { manufacturer: 'CANON_MEC', bitsStored: 16 };
const UIH = { manufacturer: 'UIH' };
const IDENTITY = { slope: 1, intercept: 0 };

describe('phase of vendors whose headers leave its units open', () => {
  test.each<[string, Partial<BuiltImage>, Partial<BuiltImage>]>([
    [
      'Canon, 0 to 4095 in 16 bits',
      { rescale: IDENTITY, imageType: 'ORIGINAL\\PRIMARY\\PHASE', pixels: pixels((i) => 4 * i) },
      CANON,
    ],
    [
      'Canon, signed, one series for both',
      { rescale: IDENTITY, imageType: 'ORIGINAL\\PRIMARY\\PHASE', pixels: pixels((i) => 8 * i - 4096) },
      { ...CANON, signed: true, oneSeries: true },
    ],
    ['United Imaging, 0 to 4095 without rescale', { pixels: pixels((i) => 4 * i) }, UIH],
    [
      'United Imaging, rescaled to ±4096',
      { pixels: pixels((i) => 4 * i), rescale: { slope: 2, intercept: -4096 } },
      { ...UIH, oneSeries: true },
    ],
    [
      'United Imaging, milliradians as its header says',
      {
        pixels: pixels((i) => Math.round(1000 * FULL_TURN(i))),
        rescale: { ...IDENTITY, type: 'mrad' },
      },
      { ...UIH, signed: true, bitsStored: 16 },
    ],
    [
      'Siemens, with a rescale that an archive added and that changes nothing',
      { pixels: pixels((i) => 4 * i), rescale: IDENTITY },
      {},
    ],
  ])('is told from its values and paired: %s', async (_, phase, common) => {
    const findings = await found(pair(phase, common));
    expect(findings.refused).toEqual([]);
    expect(await worstPhase(findings)).toBeLessThan(2e-3);
  });

  test('is refused where its values fill no known range, and the magnitude stays', async () => {
    for (const step of [1, 20]) {
      const { volumes, refused } = await found(pair({ pixels: pixels((i) => step * i), rescale: IDENTITY }, CANON));
      expect(volumes).toMatchObject([{ basis: 'magnitude', slices: 3 }]);
      expect(refused).toMatchObject([{ code: 'dicom-unknown-phase-units' }]);
      expect(refused[0]!.reason).toMatch(`(0 to ${1023 * step}) of which nothing says what they mean in radians`);
    }
  });

  test('says in an inspection how it was understood', async () => {
    const folder = temporaryFolder();
    for (const [i, image] of pair({ pixels: pixels((j) => 4 * j) }, UIH).entries())
      writeFileSync(join(folder, String(i)), buildDicom({ series: '1', instance: i, position: 0, ...image }));
    const { volumes } = await inspectPaths([folder]);
    expect(volumes).toMatchObject([
      { scanner: 'United Imaging', phaseUnits: 'scanner units, 0 to 4095 for −π to π, told from its values' },
    ]);
  });
});

describe('real and imaginary images', () => {
  const both = (common: Partial<BuiltImage>): Partial<BuiltImage>[] =>
    [0, 5].flatMap((position) => [
      { ...common, position, component: 'R', pixels: pixels((i) => i - 512) },
      { ...common, position, component: 'I', pixels: pixels((i) => 512 - i) },
    ]);

  test.each([
    ['Canon', { ...CANON, signed: true }],
    ['United Imaging', { ...UIH, signed: true, bitsStored: 16, oneSeries: true }],
  ])('are paired, whoever made them: %s', async (_, common) => {
    const { volumes, refused } = await found(both(common));
    expect(refused).toEqual([]);
    expect(volumes).toMatchObject([{ basis: 'real+imaginary', slices: 2 }]);
    for await (const { data } of readSlices(volumes[0]!))
      expect([...data.subarray(0, 4)]).toEqual([-512, 512, -511, 511]);
  });

  test('that cannot be negative are refused, for nothing says which value is zero', async () => {
    const { volumes, refused } = await found(both(CANON));
    expect(volumes).toEqual([]);
    expect(refused.map(({ code }) => code)).toEqual(['dicom-unknown-zero', 'dicom-unknown-zero']);
  });
});

describe('slices', () => {
  const stack = (positions: number[], of: (position: number, i: number) => Partial<BuiltImage> = () => ({})) =>
    found(positions.map((position, i) => ({ position, ...of(position, i) })));

  test.each<[string, number[], string, RegExp]>([
    ['one of which is missing', [0, 5, 15, 20], 'dicom-missing-slices', /Of 5 slices .* 1 are missing/],
    ['that are unevenly spaced', [0, 5, 12, 17], 'dicom-uneven-slices', /unevenly spaced: 5.00 to 7.00 mm/],
    ['of one place twice', [0, 5, 5, 10], 'dicom-duplicate-slices', /claim the same place/],
  ])('%s are refused, saying so', async (_, positions, code, reason) => {
    const { volumes, refused } = await stack(positions);
    expect(volumes).toEqual([]);
    expect(refused).toMatchObject([{ code, reason: expect.stringMatching(reason) }]);
  });

  test('that do not say where they lie are refused for that', async () => {
    const { volumes, refused } = await stack([0, 5, 10], (_, i) => (i === 1 ? {} : { place: null }));
    expect(volumes).toEqual([]);
    expect(refused).toMatchObject([
      { code: 'dicom-no-positions', reason: expect.stringMatching(/3 images, 2 do not/) },
    ]);
  });

  test('that slide in their plane are refused', async () => {
    const { refused } = await stack([0, 5, 10], (position) => ({ place: `${position}\\0\\${position}` }));
    expect(refused).toMatchObject([{ code: 'dicom-shifted-slices' }]);
  });

  test('of several orientations, sizes and echoes are different volumes', async () => {
    const { volumes, refused } = await found([
      ...[0, 5].map((position) => ({ position })),
      ...[0, 5].map((x) => ({ orientation: '0\\1\\0\\0\\0\\-1', place: `${x}\\0\\0` })),
      ...[0, 5].map((position) => ({ position, columns: 16, pixels: new Uint8Array(1024) })),
      ...[0, 5].map((position) => ({ position, echoTime: 90 })),
    ]);
    expect(refused).toEqual([]);
    expect(volumes.map(({ slices }) => slices)).toEqual([2, 2, 2, 2]);
  });

  test('that all carry one UID, as some who remove identities write, are no copies', async () => {
    const { volumes, refused } = await stack([0, 5, 10], () => ({ sopInstance: '1.2.3' }));
    expect(refused).toEqual([]);
    expect(volumes).toMatchObject([{ slices: 3 }]);
  });

  test('of which only the name of the series speaks of phase are taken for nothing', async () => {
    const { volumes, refused } = await stack([0, 5], () => ({
      imageType: 'ORIGINAL\\PRIMARY\\GDC',
      seriesDescription: 'SWI phase',
      manufacturer: 'CANON_MEC',
    }));
    expect(volumes).toEqual([]);
    expect(refused).toMatchObject([{ code: 'dicom-unknown-component' }]);
  });
});

describe('partners', () => {
  test('of two echoes in one series with all four components stay with their echo', async () => {
    const images = [10, 20].flatMap((echoTime) =>
      ['M', 'P', 'R', 'I'].map((component) => ({
        ...UIH,
        echoTime,
        component,
        oneSeries: true,
        signed: component !== 'M',
        bitsStored: 16,
        pixels: pixels((i) => (component === 'M' ? i : 8 * i - 4096)),
      })),
    );
    const { volumes, refused } = await found(images);
    expect(refused).toEqual([]);
    expect(volumes.map(({ stacks }) => Object.keys(stacks).sort())).toEqual(
      Array(2).fill(['imaginary', 'magnitude', 'phase', 'real']),
    );
    for (const { stacks } of volumes)
      expect(new Set(Object.values(stacks).map(({ frames }) => frames[0]!.echoTime)).size).toBe(1);
  });

  test('go to whoever belongs to them more, whichever comes first', async () => {
    const own = { component: 'P', oneSeries: true };
    const other = { component: 'P' };
    for (const phases of [
      [own, other],
      [other, own],
    ]) {
      const { volumes, refused } = await found([{ component: 'M' }, ...phases]);
      expect(volumes).toMatchObject([{ basis: 'magnitude+phase' }]);
      expect(volumes[0]!.stacks.phase!.frames[0]!.series).toBe(volumes[0]!.stacks.magnitude!.frames[0]!.series);
      expect(refused).toMatchObject([{ code: 'dicom-incomplete-pair' }]);
    }
  });

  test('are found among thousands of time points in a time that grows with their number', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'one');
    writeFileSync(
      path,
      buildDicom({ series: '1', instance: 1, position: 0, rows: 8, columns: 8, pixels: pixels(() => 0) }),
    );
    const { frames } = await readDicomFile(path);
    const pairsOf = (count: number): number => {
      const readings = Array.from({ length: 2 * count }, (_, i): DicomReading => {
        const [component, acquisitionTime] = [
          i % 2 === 0 ? ('magnitude' as const) : ('phase' as const),
          String(i >> 1),
        ];
        const frame = { ...frames[0]!.frame, path: String(i), sopInstance: String(i), acquisitionTime };
        return { path: String(i), frames: [{ ...frames[0]!, frame, component }], refused: [], patient: undefined };
      });
      const before = process.cpuUsage().user;
      const { volumes } = findDicomVolumes(readings);
      expect(volumes).toHaveLength(count);
      expect(volumes.every(({ basis }) => basis === 'magnitude+phase')).toBe(true);
      return process.cpuUsage().user - before;
    };
    pairsOf(1000);
    // Four times as many: a time that grows with the square would be sixteen times as long.
    expect(pairsOf(16_000) / pairsOf(4000)).toBeLessThan(10);
  });
});
