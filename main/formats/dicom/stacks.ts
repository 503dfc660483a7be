import type { Component } from './component.ts';
import type { DicomFrame } from './frame.ts';
import { checkSpacing, depth, geometryOf } from './geometry.ts';
import type { StackGeometry } from './geometry.ts';

export interface ClassifiedFrame {
  frame: DicomFrame;
  component: Component;
  derived: boolean;
}

/** Slices of one component, one echo, one orientation, sorted along the slice normal. */
export interface Stack {
  component: Component;
  derived: boolean;
  frames: DicomFrame[];
  geometry: StackGeometry | undefined;
}

/** Images that were not put into a volume, and why. */
export interface RefusedFrames {
  paths: string[];
  code: string;
  reason: string;
}

/**
 * Sorts frames into stacks. What differs in size, orientation, spacing, echo time, diffusion weighting or time point is split;
 * what cannot be told apart, or has gaps, is refused.
 */
export function buildStacks(classified: readonly ClassifiedFrame[]): { stacks: Stack[]; refused: RefusedFrames[] } {
  const stacks: Stack[] = [];
  const refused: RefusedFrames[] = [];
  for (const members of groupBy(classified, stackKey).values()) {
    const unique = withoutCopies(members, refused);
    const single = splitRepeats(unique);
    if (single === undefined) {
      refused.push({ paths: pathsOf(unique), ...whyNotOrdered(unique) });
      continue;
    }
    for (const part of single) {
      const frames = part.map(({ frame }) => frame).sort((a, b) => depth(a) - depth(b));
      const spacing = checkSpacing(frames);
      if (spacing.ok) {
        const { component, derived } = part[0]!;
        stacks.push({ component, derived, frames, geometry: geometryOf(frames, spacing.spacing) });
      } else {
        refused.push({ paths: pathsOf(part), code: spacing.code, reason: spacing.reason });
      }
    }
  }
  return { stacks, refused };
}

/** What all slices of one stack have in common. */
function stackKey({ frame, component, derived }: ClassifiedFrame): string {
  const { orientation, pixelSpacing } = frame;
  return JSON.stringify([
    frame.study,
    frame.series,
    component,
    derived,
    frame.rows,
    frame.columns,
    orientation && [...orientation.along, ...orientation.down].map((v) => Math.round(v * 1000)),
    pixelSpacing?.map((v) => Math.round(v * 1000)),
    frame.echoTime === undefined ? null : Math.round(frame.echoTime * 100),
    frame.temporalPosition ?? null,
    frame.diffusionValue ?? null,
  ]);
}

/** The same instance exported twice counts once. */
function withoutCopies(members: readonly ClassifiedFrame[], refused: RefusedFrames[]): ClassifiedFrame[] {
  const seen = new Map<string, ClassifiedFrame>();
  for (const member of members) {
    const { sopInstance, path, frame, position, instanceNumber } = member.frame;
    // Some who remove identities give all files one UID: what lies elsewhere is no copy.
    const key =
      sopInstance === '' ? `${path} ${frame}` : [sopInstance, frame, instanceNumber, position?.join('\\')].join(' ');
    if (seen.has(key)) {
      refused.push({
        paths: [path],
        code: 'dicom-copy',
        reason: 'This is a second copy of an image that is already there.',
      });
    } else {
      seen.set(key, member);
    }
  }
  return [...seen.values()];
}

function whyNotOrdered(members: readonly ClassifiedFrame[]): Omit<RefusedFrames, 'paths'> {
  const without = members.filter(({ frame }) => frame.position === undefined || frame.orientation === undefined);
  return without.length > 0
    ? {
        code: 'dicom-no-positions',
        reason: `Of these ${members.length} images, ${without.length} do not say where they lie, so nothing tells their order.`,
      }
    : {
        code: 'dicom-duplicate-slices',
        reason: 'Several different images claim the same place, and nothing in their headers tells them apart.',
      };
}

const REPEAT_MARKS: readonly ((frame: DicomFrame) => unknown)[] = [
  (frame) => frame.acquisitionNumber,
  (frame) => frame.acquisitionTime,
  (frame) => frame.inversionTime,
  (frame) => frame.imageType.join('\\'),
];

/** Repeated positions are told apart by the first mark that leaves each position once in every part. */
function splitRepeats(members: ClassifiedFrame[]): ClassifiedFrame[][] | undefined {
  if (positionsAreUnique(members)) return [members];
  for (const mark of REPEAT_MARKS) {
    const parts = [...groupBy(members, ({ frame }) => String(mark(frame))).values()];
    const even = parts.every((part) => part.length === parts[0]!.length && positionsAreUnique(part));
    if (parts.length > 1 && even) return parts;
  }
  return undefined;
}

function positionsAreUnique(members: readonly ClassifiedFrame[]): boolean {
  // Without positions, stored order is all there is: only a single image can be trusted.
  const placed = members.every(({ frame }) => frame.position !== undefined && frame.orientation !== undefined);
  if (!placed) return members.length === 1;
  const depths = members.map(({ frame }) => depth(frame)).sort((a, b) => a - b);
  return depths.every((d, i) => i === 0 || d - depths[i - 1]! > 0.01);
}

export function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}

function pathsOf(members: readonly ClassifiedFrame[]): string[] {
  return [...new Set(members.map(({ frame }) => frame.path))];
}
