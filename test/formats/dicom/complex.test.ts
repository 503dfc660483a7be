import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { DicomCollection } from '../../../main/formats/dicom/inspect.ts';
import type { DicomFindings } from '../../../main/formats/dicom/inspect.ts';
import { readSlices } from '../../../main/formats/dicom/read-volume.ts';
import type { DicomVolume } from '../../../main/formats/dicom/pair.ts';
import { readNpy } from '../../../main/formats/npy.ts';
import { dataFile, describeWithData } from '../../data.ts';

function filesBelow(path: string): string[] {
  return statSync(path).isFile() ? [path] : readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
}

async function inspect(...parts: string[]): Promise<DicomFindings> {
  const collection = new DicomCollection();
  // Last file first: the order in which an archive hands them out means nothing.
  for (const path of filesBelow(dataFile(...parts)).reverse()) await collection.add(path);
  return collection.findings();
}

/** `magnitude+phase 53×80×80 TE 2.3` for each volume, `12 dicom-phase-difference` for each reason. */
function summary({ volumes, refused }: DicomFindings): string[] {
  const found = volumes.map((v) => {
    const echo = Object.values(v.stacks)[0]!.frames[0]!.echoTime;
    return `${Object.keys(v.stacks).sort().join('+')} ${v.slices}×${v.rows}×${v.columns} TE ${echo}`;
  });
  return [...found.sort(), ...refused.map(({ paths, code }) => `${paths.length} ${code}`).sort()];
}

async function slices(volume: DicomVolume): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for await (const slice of readSlices(volume)) all.push(slice.data);
  return all;
}

/** Largest |a·s − b| relative to the largest |b|, with the complex factor s that fits best. */
function largestError(a: Float32Array, b: Float32Array): number {
  let [re, im, power, top] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i += 2) {
    re += a[i]! * b[i]! + a[i + 1]! * b[i + 1]!;
    im += a[i]! * b[i + 1]! - a[i + 1]! * b[i]!;
    power += a[i]! ** 2 + a[i + 1]! ** 2;
    top = Math.max(top, Math.hypot(b[i]!, b[i + 1]!));
  }
  let worst = 0;
  for (let i = 0; i < a.length; i += 2) {
    const x = (a[i]! * re - a[i + 1]! * im) / power;
    const y = (a[i]! * im + a[i + 1]! * re) / power;
    worst = Math.max(worst, Math.hypot(x - b[i]!, y - b[i + 1]!));
  }
  return worst / top;
}

describeWithData('DICOM series', () => {
  it.each([
    ['canon_classic_dti', ['magnitude 6×80×80 TE 79']],
    ['ge_b0map_hz_and_magnitude', ['magnitude 16×128×128 TE 4.608', '16 dicom-field-map']],
    ['ge_epi_one_volume', ['magnitude 15×64×64 TE 30']],
    ['philips_classic_fieldmap_mag_phase', ['magnitude+phase 53×80×80 TE 2.3', 'magnitude+phase 53×80×80 TE 4.6']],
    ['philips_enhanced_fieldmap_mag_phase', ['magnitude+phase 53×80×80 TE 2.3', 'magnitude+phase 53×80×80 TE 4.6']],
    ['philips_enhanced_asl_real_only', ['1 dicom-no-partner']],
    ['philips_mprage_sagittal', ['magnitude 10×256×256 TE 2.93']],
    ['siemens_mosaic_epi', ['2 dicom-mosaic']],
    ['siemens_t1_sagittal_supine_hfs', ['magnitude 12×256×256 TE 2.46']],
    ['siemens_t2_axial_ima_extension', ['magnitude 2×1024×960 TE 100']],
    [
      'siemens_vd13_gre_fieldmap_duplicate_instance_numbers',
      ['magnitude 12×64×64 TE 5.19', 'magnitude 12×64×64 TE 7.65', '12 dicom-phase-difference'],
    ],
    [
      'siemens_ve11_mgre_mag_phase_unsorted',
      ['magnitude+phase 10×76×128 TE 2.5', 'magnitude+phase 10×76×128 TE 5.5', 'magnitude+phase 10×76×128 TE 8.5'],
    ],
    [
      'siemens_xa30_enhanced_gre_fieldmap',
      ['magnitude 33×64×64 TE 10', 'magnitude 33×64×64 TE 12.46', '1 dicom-phase-difference'],
    ],
    ['siemens_xa30_multifragment_j2k', ['magnitude 4×128×128 TE 2.41']],
    ['siemens_xa30_multifragment_jpegll', ['magnitude 4×128×128 TE 2.41']],
    ['uih_vframe_mosaic', ['1 dicom-mosaic']],
  ])('of %s form the volumes that were scanned', async (folder, expected) => {
    expect(summary(await inspect('dicom', folder))).toEqual(expected);
  });

  it('that are incomplete or mixed are split or refused, each with its reason', async () => {
    expect(summary(await inspect('dicom_malformed', 'series_mixed_orientation'))).toEqual([
      'magnitude 2×288×288 TE 120',
      'magnitude 2×288×288 TE 90',
    ]);
    expect(summary(await inspect('dicom_malformed', 'derived', 'series_missing_one_phase_slice'))).toEqual([
      'magnitude 2×230×180 TE 10',
      '1 dicom-incomplete-pair',
    ]);
  });

  it('with a slice missing in the middle are refused, saying how many are missing', async () => {
    const collection = new DicomCollection();
    const paths = filesBelow(dataFile('dicom', 'canon_classic_dti')).sort();
    for (const path of paths.filter((_, i) => i !== 2)) await collection.add(path);
    const { volumes, refused } = collection.findings();
    expect(volumes).toEqual([]);
    expect(refused).toMatchObject([{ code: 'dicom-missing-slices', reason: expect.stringContaining('1 are missing') }]);
  });

  it.each([
    ['siemens_mosaic_epi', /Convert it with dcm2niix/],
    ['philips_enhanced_asl_real_only', /Export the images of the missing component too/],
  ])('%s that can be had otherwise says how', async (folder, remedy) => {
    const { refused } = await inspect('dicom', folder);
    expect(refused[0]!.reason).toMatch(remedy);
  });

  it('exported twice count once', async () => {
    const collection = new DicomCollection();
    const paths = filesBelow(dataFile('dicom', 'canon_classic_dti'));
    for (const path of [...paths, ...paths]) await collection.add(path);
    expect(summary(collection.findings())).toEqual(['magnitude 6×80×80 TE 79', '6 dicom-copy']);
  });

  it('of other objects are refused by name', async () => {
    const { volumes, refused } = await inspect('dicom_not_image');
    expect(volumes).toEqual([]);
    expect(refused.map(({ reason }) => reason).join(' ')).toMatch(/spectroscopy.*CT|CT.*spectroscopy/s);
  });

  it('give the complex values of the reference, in radians', async () => {
    const pairs = parse(readFileSync(dataFile('dicom', 'reference_phase', 'pairs.csv')), { columns: true }) as Record<
      string,
      string
    >[];
    for (const pair of pairs) {
      const collection = new DicomCollection();
      await collection.add(dataFile('dicom', pair['phase_file']!));
      await collection.add(dataFile('dicom', pair['magnitude_file']!));
      const { volumes } = collection.findings();
      expect(volumes).toHaveLength(1);
      const [image] = await slices(volumes[0]!);
      const reference = (await readNpy(dataFile('dicom', 'reference_phase', pair['reference']!))).data as Float32Array;
      let top = 0;
      let worst = 0;
      for (let i = 0; i < reference.length; i++) {
        top = Math.max(top, Math.abs(reference[i]!));
        worst = Math.max(worst, Math.abs(reference[i]! - image![i]!));
      }
      expect(worst / top, pair['reference']!).toBeLessThan(1e-6);
    }
  });

  it.each([
    ['siemens_mag_phase', 1e-3],
    ['siemens_norescale_mag_phase', 1e-3],
    ['ge_real_imag', 7e-5],
    ['ge_mag_phase_real_imag', 7e-5],
    ['philips_real_imag', 5e-4],
    ['philips_like_enhanced_m_p_r_i.dcm', 5e-4],
  ])('of %s equal the truth that they were written from', async (folder, tolerance) => {
    const { volumes, refused } = await inspect('dicom_derived_complex', folder);
    expect(refused).toEqual([]);
    expect(volumes).toHaveLength(1);
    const truth = (await readNpy(dataFile('dicom_derived_complex', 'truth_complex64.npy'))).data as Float32Array;
    const images = await slices(volumes[0]!);
    const length = truth.length / 2;
    images.forEach((image, i) => {
      expect(largestError(image, truth.subarray(i * length, (i + 1) * length))).toBeLessThan(tolerance);
    });
  });
});
