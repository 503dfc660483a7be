import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inspectNifti, pairNifti, readNiftiSlices } from '../../../main/formats/nifti/index.ts';
import { detectPhaseUnits } from '../../../main/formats/nifti/phase-units.ts';
import { partByName } from '../../../main/formats/nifti/part.ts';
import { readNpyAs } from '../../../main/formats/npy.ts';
import { dataFile, describeWithData } from '../../data.ts';
import { temporaryFolder } from '../temporary.ts';
import { niftiBytes } from './build.ts';
import type { BuiltImage } from './build.ts';

const file = temporaryFolder();
const SHAPE = [8, 6, 2];
const COUNT = 8 * 6 * 2;
const magnitudes = Array.from({ length: COUNT }, (_, i) => 1 + (i % 7));
/** Phases that fill −π … π. */
const phases = Array.from({ length: COUNT }, (_, i) => -3.14 + (6.28 * i) / (COUNT - 1));

async function save(name: string, image: Partial<BuiltImage> & { values: ArrayLike<number> }): Promise<string> {
  const path = file(name);
  await mkdir(dirname(path), { recursive: true });
  const bytes = niftiBytes({ datatype: 16, shape: SHAPE, ...image });
  await writeFile(path, name.endsWith('.gz') ? gzipSync(bytes) : bytes);
  return path;
}

async function complexOf(...paths: string[]): Promise<number[]> {
  const { volumes, refused } = pairNifti(await Promise.all(paths.map(inspectNifti)));
  expect(refused).toEqual([]);
  expect(volumes.length).toBe(1);
  const values: number[] = [];
  for await (const { kind, data } of readNiftiSlices(volumes[0]!)) {
    expect(kind).toBe('complex');
    values.push(...data);
  }
  return values;
}

const expected = magnitudes.flatMap((m, i) => [m * Math.cos(phases[i]!), m * Math.sin(phases[i]!)]);

function expectClose(found: number[], tolerance: number): void {
  expect(found.length).toBe(expected.length);
  const worst = found.reduce((largest, value, i) => Math.max(largest, Math.abs(value - expected[i]!)), 0);
  expect(worst).toBeLessThan(tolerance);
}

describe('parts of a complex NIfTI image', () => {
  it.each([
    ['radians', phases, 16, 1, 0],
    ['radians from 0', phases.map((p) => (p < 0 ? p + 2 * Math.PI : p)), 16, 1, 0],
    ['degrees', phases.map((p) => (p * 180) / Math.PI), 16, 1, 0],
    ['milliradians', phases.map((p) => Math.round(1000 * p)), 4, 1, 0],
    ['Siemens units, signed', phases.map((p) => Math.round((4096 * p) / Math.PI)), 4, 1, 0],
    ['Siemens units, signed by the header', phases.map((p) => Math.round((2048 * p) / Math.PI + 2048)), 4, 2, -4096],
    ['Siemens units, 0 to 4095', phases.map((p) => Math.round((2048 * p) / Math.PI + 2048)), 512, 1, 0],
  ])('magnitude and phase in %s become complex numbers', async (name, values, datatype, slope, intercept) => {
    const folder = name.replace(/\W/g, '');
    const mag = await save(`${folder}/sub-1_part-mag_T1w.nii.gz`, { values: magnitudes });
    const phase = await save(`${folder}/sub-1_part-phase_T1w.nii.gz`, { values, datatype, slope, intercept });
    expectClose(await complexOf(phase, mag), 0.02);
  });

  it('say in words how the phase was understood', async () => {
    const path = await save('words/a_part-phase.nii', { values: phases });
    const { phaseUnits } = await inspectNifti(path);
    expect(phaseUnits!.description).toBe('radians, −π to π, told from its values');
  });

  it('real and imaginary images become complex numbers', async () => {
    const re = await save('ri/sub-1_part-real_T2w.nii', { values: expected.filter((_, i) => i % 2 === 0) });
    const im = await save('ri/sub-1_part-imag_T2w.nii', { values: expected.filter((_, i) => i % 2 === 1) });
    expectClose(await complexOf(re, im), 1e-6);
  });

  it('a complex image needs no partner', async () => {
    expectClose(await complexOf(await save('c/all.nii.gz', { values: expected, datatype: 32 })), 1e-6);
  });

  it('a magnitude alone stays a magnitude', async () => {
    const reading = await inspectNifti(await save('m/sub-1_T1w.nii', { values: magnitudes }));
    const { volumes } = pairNifti([reading]);
    expect(volumes).toMatchObject([{ basis: 'magnitude', rows: 6, columns: 8, slices: 2 }]);
    for await (const { kind, data } of readNiftiSlices(volumes[0]!)) {
      expect([kind, data.length]).toEqual(['magnitude', 48]);
    }
  });

  it('a phase alone is refused, and one of other voxels', async () => {
    const mag = await inspectNifti(await save('d/x_part-mag.nii', { values: magnitudes }));
    const phase = await inspectNifti(await save('d/x_part-phase.nii', { values: phases, shape: [6, 8, 2] }));
    expect(pairNifti([phase])).toMatchObject({ volumes: [], refused: [{ code: 'nifti-part-alone' }] });
    expect(pairNifti([phase, mag])).toMatchObject({
      volumes: [{ basis: 'magnitude' }],
      refused: [{ code: 'nifti-parts-differ', subject: phase.path }],
    });
  });

  it('real and imaginary images of other voxels are refused for each other, and for nothing else', async () => {
    const real = await inspectNifti(await save('r/x_part-real.nii', { values: phases }));
    const imaginary = await inspectNifti(await save('r/x_part-imag.nii', { values: phases, shape: [6, 8, 2] }));
    const { volumes, refused } = pairNifti([real, imaginary]);
    expect(volumes).toEqual([]);
    expect(refused.map(({ subject, code }) => [subject, code])).toEqual([
      [imaginary.path, 'nifti-parts-differ'],
      [real.path, 'nifti-parts-differ'],
    ]);
  });

  it('are all accounted for: those that are not needed beside others are listed with the reason', async () => {
    const [real, imaginary] = [0, 1].map((part) => expected.filter((_, i) => i % 2 === part));
    const all = await Promise.all([
      save('n/x_part-mag.nii', { values: magnitudes }).then(inspectNifti),
      save('n/x_part-phase.nii', { values: phases }).then(inspectNifti),
      save('n/x_part-real.nii', { values: real! }).then(inspectNifti),
      save('n/x_part-imag.nii', { values: imaginary! }).then(inspectNifti),
    ]);
    const four = pairNifti(all);
    expect(four.volumes).toMatchObject([{ basis: 'real+imaginary' }]);
    expect(four.refused.map(({ subject, code, sentence }) => [subject, code, sentence])).toEqual([
      [all[0].path, 'nifti-part-not-needed', expect.stringContaining('real and imaginary images of the same name')],
      [all[1].path, 'nifti-part-not-needed', expect.stringContaining('real and imaginary images of the same name')],
    ]);
    const whole = await inspectNifti(await save('n/x.nii', { values: expected, datatype: 32 }));
    const five = pairNifti([...all, whole]);
    expect(five.volumes).toMatchObject([{ basis: 'complex' }]);
    expect(five.refused.map(({ code }) => code)).toEqual(Array(4).fill('nifti-part-not-needed'));
  });

  it('a real image without its imaginary one is refused also where a magnitude is there', async () => {
    const mag = await inspectNifti(await save('o/x_part-mag.nii', { values: magnitudes }));
    const phase = await inspectNifti(await save('o/x_part-phase.nii', { values: phases }));
    const real = await inspectNifti(await save('o/x_part-real.nii', { values: phases }));
    for (const readings of [
      [mag, phase, real],
      [mag, real],
    ]) {
      const { volumes, refused } = pairNifti(readings);
      expect(volumes).toHaveLength(1);
      expect(refused.map(({ subject, code }) => [subject, code])).toEqual([[real.path, 'nifti-part-alone']]);
    }
    const imaginary = await inspectNifti(await save('o/x_part-imag.nii', { values: phases, shape: [6, 8, 2] }));
    const { volumes, refused } = pairNifti([mag, phase, real, imaginary]);
    expect(volumes).toMatchObject([{ basis: 'magnitude+phase' }]);
    expect(refused.map(({ subject, code }) => [subject, code])).toEqual([
      [imaginary.path, 'nifti-parts-differ'],
      [real.path, 'nifti-parts-differ'],
    ]);
  });

  it('a moved phase is refused', async () => {
    const affine = (x: number): number[][] => [
      [-1, 0, 0, x],
      [0, 1, 0, 0],
      [0, 0, 5, 0],
    ];
    const mag = await inspectNifti(await save('e/x_part-mag.nii', { values: magnitudes, affine: affine(0) }));
    const phase = await inspectNifti(await save('e/x_part-phase.nii', { values: phases, affine: affine(1) }));
    expect(pairNifti([mag, phase]).refused).toMatchObject([{ code: 'nifti-parts-differ' }]);
  });

  it('phase differences and field maps are kept out by name', async () => {
    const difference = await save('f/sub-1_phasediff.nii', { values: phases });
    const map = await save('f/sub-1_fieldmap.nii', { values: phases });
    await expect(inspectNifti(difference)).rejects.toMatchObject({ code: 'nifti-phase-difference' });
    await expect(inspectNifti(map)).rejects.toMatchObject({ code: 'nifti-field-map' });
  });

  it('the JSON file beside an image tells times, and what a name does not', async () => {
    const path = await save('g/scan_ph.nii', { values: phases.map((p) => p / 4) });
    await writeFile(
      file('g/scan_ph.json'),
      JSON.stringify({
        Units: 'rad',
        EchoTime: 0.01,
        MagneticFieldStrength: 3,
        PatientName: 'nobody',
        ProtocolName: 'T1',
      }),
    );
    const { sidecar, phaseUnits, part } = await inspectNifti(path);
    expect(sidecar).toEqual({ units: 'rad', echoTime: 10, fieldStrength: 3, imageType: [], names: ['T1'] });
    expect([part, phaseUnits!.description]).toEqual(['phase', 'radians, as its sidecar says']);
  });
});

describe('the meaning of phase values', () => {
  it.each([
    ['a narrow range', -1, 1, undefined],
    ['a magnitude', 0, 1800, undefined],
    ['a range beyond all scalings', -20000, 20000, undefined],
    ['a range that contradicts its sidecar', -3142, 3142, 'rad'],
  ])('is not guessed from %s', (_, lowest, highest, units) => {
    expect(() => detectPhaseUnits({ lowest, highest }, units, 'p.nii')).toThrow(
      expect.objectContaining({ code: 'nifti-phase-units', subject: 'p.nii' }),
    );
  });
});

it.each([
  ['sub-01_ses-2_part-phase_T1w.nii.gz', 'sub-01_ses-2_T1w', 'phase'],
  ['sub-01_part-mag_echo-1_MEGRE.nii', 'sub-01_echo-1_MEGRE', 'magnitude'],
  ['GRE_20200101_7_e1_ph.nii.gz', 'GRE_20200101_7_e1', 'phase'],
  ['GRE_20200101_7_e1.nii.gz', 'GRE_20200101_7_e1', undefined],
  ['x_real.nii', 'x', 'real'],
  ['x_imaginary.nii', 'x', 'imaginary'],
  ['sub-1_magnitude2.nii.gz', 'sub-12', 'magnitude'],
  ['sub-1_phase2.nii.gz', 'sub-12', 'phase'],
])('the name %s says what it is a part of', (name, stem, part) => {
  expect(partByName(`/data/${name}`)).toEqual({ stem, part });
});

describeWithData('a real complex slice written as NIfTI', () => {
  it('comes back with magnitude and phase as they were', async () => {
    const { shape, data } = await readNpyAs(dataFile('dicom_derived_complex', 'truth_complex64.npy'), 'complex64');
    const [slices, rows, columns] = shape as [number, number, number];
    const count = slices * rows * columns;
    const m = Float32Array.from({ length: count }, (_, i) => Math.hypot(data[2 * i]!, data[2 * i + 1]!));
    const p = Float32Array.from({ length: count }, (_, i) => Math.atan2(data[2 * i + 1]!, data[2 * i]!));
    const image = { datatype: 16, shape: [columns, rows, slices] };
    const paths = [
      await save('real/brain_part-mag.nii.gz', { ...image, values: m }),
      await save('real/brain_part-phase.nii.gz', { ...image, values: p }),
    ];
    const back = await complexOf(...paths);
    const scale = m.reduce((largest, value) => Math.max(largest, value), 0);
    const worst = back.reduce((largest, value, i) => Math.max(largest, Math.abs(value - data[i]!)), 0);
    expect(worst / scale).toBeLessThan(1e-6);
  });
});
