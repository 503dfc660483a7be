import { dirname } from 'node:path';
import type { Component } from './component.ts';
import type { DicomFrame } from './frame.ts';
import { depth } from './geometry.ts';
import type { StackGeometry } from './geometry.ts';
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
  for (const stacks of groupBy(all, placeKey).values()) {
    const of = (component: Component): Stack[] => stacks.filter((stack) => stack.component === component);
    const phases = withoutDifferences(of('phase'), of('magnitude'), all, refused);
    const used = new Set<Stack>();
    const put = (a: Stack, b: Stack, basis: DicomVolume['basis']): void => {
      used.add(a).add(b);
      volumes.push(volumeOf({ [a.component]: a, [b.component]: b }, basis));
    };
    const contested = (stack: Stack): void => {
      used.add(stack);
      refused.push(ambiguous(stack));
    };
    matchBest(of('real'), of('imaginary'), contested, (a, b) => put(a, b, 'real+imaginary'));
    matchBest(of('magnitude'), phases, contested, (a, b) => {
      const twin = volumes.find(
        ({ stacks: s, basis }) => basis === 'real+imaginary' && s.real?.frames[0]?.series === a.frames[0]?.series,
      );
      if (twin !== undefined && !twin.stacks.magnitude) {
        twin.stacks = { ...twin.stacks, magnitude: a, phase: b };
        used.add(a).add(b);
      } else put(a, b, 'magnitude+phase');
    });
    for (const magnitude of of('magnitude')) {
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
    refused.push(...leftOver.map((stack) => unpaired(stack, of('magnitude'))));
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

function sameSlices(a: Stack, b: Stack): boolean {
  return (
    a.frames.length === b.frames.length &&
    a.frames.every((frame, i) => Math.abs(depth(frame) - depth(b.frames[i]!)) < 0.05)
  );
}

function overlaps(a: Stack, b: Stack): boolean {
  return a.frames.some((frame) => b.frames.some((other) => Math.abs(depth(frame) - depth(other)) < 0.05));
}

/** How strongly two stacks belong together. */
function kinship(a: DicomFrame, b: DicomFrame): number {
  return (
    (a.series === b.series ? 8 : 0) +
    (a.acquisitionTime !== '' && a.acquisitionTime === b.acquisitionTime ? 4 : 0) +
    (a.protocol === b.protocol ? 2 : 0) +
    (Math.abs((a.seriesNumber ?? 0) - (b.seriesNumber ?? 0)) <= 1 ? 1 : 0) +
    // Where all else is equal: what was exported together belongs together.
    (dirname(a.path) === dirname(b.path) ? 0.5 : 0)
  );
}

function matchBest(
  firsts: readonly Stack[],
  seconds: readonly Stack[],
  contest: (second: Stack) => void,
  accept: (first: Stack, second: Stack) => void,
): void {
  const taken = new Set<Stack>();
  for (const second of seconds) {
    const scored = firsts
      .filter((first) => !taken.has(first) && sameSlices(first, second))
      .map((first) => ({ first, score: kinship(first.frames[0]!, second.frames[0]!) }))
      .sort((a, b) => b.score - a.score);
    const [best, runnerUp] = scored;
    if (best === undefined) continue;
    const rivals = seconds.filter((other) => other !== second && sameSlices(best.first, other));
    const contested = rivals.some((other) => kinship(best.first.frames[0]!, other.frames[0]!) === best.score);
    if (runnerUp?.score === best.score || contested) {
      contest(second);
      taken.add(second);
      continue;
    }
    taken.add(best.first).add(second);
    accept(best.first, second);
  }
}

/** Siemens phase with fewer echoes than its magnitude has is the difference between them, whatever its protocol is called. */
function withoutDifferences(
  phases: readonly Stack[],
  magnitudes: readonly Stack[],
  all: readonly Stack[],
  refused: RefusedFrames[],
): Stack[] {
  return phases.filter((phase) => {
    const frame = phase.frames[0]!;
    if (!frame.manufacturer.toUpperCase().startsWith('SIEMENS')) return true;
    const related = (stack: Stack): boolean =>
      stack.frames[0]!.study === frame.study && stack.frames[0]!.protocol === frame.protocol && overlaps(stack, phase);
    const echoes = (component: Component, series?: string): number =>
      new Set(
        all
          .filter(
            (s) => s.component === component && related(s) && (series === undefined || s.frames[0]!.series === series),
          )
          .map((s) => s.frames[0]!.echoTime),
      ).size;
    const partner = magnitudes.find(related);
    const difference =
      partner !== undefined &&
      echoes('phase', frame.series) === 1 &&
      echoes('magnitude', partner.frames[0]!.series) > 1;
    if (difference) {
      refused.push({
        paths: paths(phase),
        code: 'dicom-phase-difference',
        reason: 'This is a phase difference between echoes, not the phase of an image.',
      });
    }
    return !difference;
  });
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

function paths(stack: Stack): string[] {
  return [...new Set(stack.frames.map(({ path }) => path))];
}
