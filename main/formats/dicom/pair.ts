import type { Component } from './component.ts';
import { differenceFinder } from './differences.ts';
import type { StackGeometry } from './geometry.ts';
import { matchBest } from './partners.ts';
import { overlaps, sameSlices } from './same-slices.ts';
import { groupBy } from './stacks.ts';
import type { RefusedFrames, Stack } from './stacks.ts';

/** One volume as found: the stacks of its components, slice by slice at the same places. */
export interface DicomVolume {
  stacks: Partial<Record<Component, Stack>>;
  /** What is used to form complex values; magnitude alone means that the phase is missing. */
  basis: 'magnitude+phase' | 'real+imaginary' | 'magnitude';
  slices: number;
  rows: number;
  columns: number;
  geometry: StackGeometry | undefined;
  derived: boolean;
  /** What a user should know: why a phase series was not used, say. */
  notes: string[];
}

/**
 * Puts components together: real with imaginary, magnitude with phase, where they show the same slices at the same echo in the
 * same study. Partners may share a series (Philips, GE) or not (Siemens). Where several could be the partner and nothing
 * decides, none is taken.
 */
export function pairStacks(all: readonly Stack[]): { volumes: DicomVolume[]; refused: RefusedFrames[] } {
  const volumes: DicomVolume[] = [];
  const refused: RefusedFrames[] = [];
  const isDifference = differenceFinder(all);
  for (const stacks of groupBy(all, placeKey).values()) {
    const of = (component: Component): Stack[] => stacks.filter((stack) => stack.component === component);
    const magnitudes = of('magnitude');
    const phases = of('phase').filter((phase) => {
      const difference = isDifference(phase, magnitudes);
      if (difference) refused.push(phaseDifference(phase));
      return !difference;
    });
    const used = new Set<Stack>();
    const put = (a: Stack, b: Stack, basis: DicomVolume['basis']): DicomVolume => {
      used.add(a).add(b);
      const volume = volumeOf({ [a.component]: a, [b.component]: b }, basis);
      volumes.push(volume);
      return volume;
    };
    const contested = (stack: Stack): void => {
      used.add(stack);
      refused.push(ambiguous(stack));
    };
    const complete = new Map<string, DicomVolume[]>();
    matchBest(of('real'), of('imaginary'), contested, (a, b) => {
      const volume = put(a, b, 'real+imaginary');
      complete.set(seriesOf(a), [...(complete.get(seriesOf(a)) ?? []), volume]);
    });
    matchBest(magnitudes, phases, contested, (a, b) => {
      const twin = complete
        .get(seriesOf(a))
        ?.find(({ stacks: { real, magnitude } }) => magnitude === undefined && sameSlices(real!, a));
      if (twin !== undefined) {
        twin.stacks = { ...twin.stacks, magnitude: a, phase: b };
        used.add(a).add(b);
      } else put(a, b, 'magnitude+phase');
    });
    for (const magnitude of magnitudes) {
      if (used.has(magnitude)) continue;
      const volume = volumeOf({ magnitude }, 'magnitude');
      const beside = phases.filter((phase) => overlaps(phase, magnitude));
      if (beside.length > 0) {
        volume.notes.push(
          beside.some((phase) => sameSlices(phase, magnitude))
            ? 'Several series could be its phase, and nothing decides between them, so only the magnitude can be used.'
            : 'The phase series beside it does not show the same slices, so only the magnitude can be used.',
        );
      }
      volumes.push(volume);
    }
    const leftOver = [...of('real'), ...of('imaginary'), ...phases].filter((stack) => !used.has(stack));
    refused.push(...leftOver.map((stack) => unpaired(stack, magnitudes)));
  }
  return { volumes, refused };
}

/** Same study, image size, orientation and echo: where a partner may be looked for. */
function placeKey({ frames }: Stack): string {
  const { study, rows, columns, orientation, pixelSpacing, echoTime, temporalPosition, diffusionValue } = frames[0]!;
  return JSON.stringify([
    study,
    rows,
    columns,
    orientation && [...orientation.along, ...orientation.down].map((v) => Math.round(v * 100)),
    pixelSpacing?.map((v) => Math.round(v * 100)),
    echoTime === undefined ? null : Math.round(echoTime * 100),
    temporalPosition ?? null,
    diffusionValue ?? null,
  ]);
}

function unpaired(stack: Stack, magnitudes: readonly Stack[]): RefusedFrames {
  const near = magnitudes.find((magnitude) => overlaps(magnitude, stack));
  if (near !== undefined) {
    return {
      paths: paths(stack),
      code: 'dicom-incomplete-pair',
      reason:
        near.frames.length === stack.frames.length
          ? `These ${stack.component} images are left over: the magnitude images have others as their partners.`
          : `The ${stack.component} images (${stack.frames.length}) are not as many as the magnitude images (${near.frames.length}).`,
    };
  }
  const partner = { phase: 'magnitude', real: 'imaginary', imaginary: 'real', magnitude: 'phase' }[stack.component];
  return {
    paths: paths(stack),
    code: 'dicom-no-partner',
    reason: `These ${stack.component} images have no ${partner} images to form complex values with.`,
  };
}

function phaseDifference(stack: Stack): RefusedFrames {
  return {
    paths: paths(stack),
    code: 'dicom-phase-difference',
    reason: 'This is a phase difference between echoes, not the phase of an image.',
  };
}

function ambiguous(stack: Stack): RefusedFrames {
  return {
    paths: paths(stack),
    code: 'dicom-ambiguous-pairing',
    reason: `Several series could be the partner of these ${stack.component} images, and nothing decides between them.`,
  };
}

function volumeOf(stacks: DicomVolume['stacks'], basis: DicomVolume['basis']): DicomVolume {
  const first = Object.values(stacks)[0]!;
  const { rows, columns } = first.frames[0]!;
  return {
    stacks,
    basis,
    slices: first.frames.length,
    rows,
    columns,
    geometry: first.geometry,
    derived: first.derived,
    notes: [],
  };
}

function seriesOf({ frames }: Stack): string {
  return frames[0]!.series;
}

function paths(stack: Stack): string[] {
  return [...new Set(stack.frames.map(({ path }) => path))];
}
