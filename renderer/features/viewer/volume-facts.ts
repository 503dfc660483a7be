import type { VolumeDetails } from '../../../main/server/contract.ts';
import type { Edges } from '../../imaging/index.ts';

/** What the viewer needs to know of a volume. */
export interface ViewedVolume {
  id: string;
  name: string;
  sequence: string;
  tissueClass: string | null;
  classReason: string;
  slices: number;
  rows: number;
  columns: number;
  hasPhase: boolean;
  facialSlices: readonly [number, number] | null;
  /** Millimetres between rows and between columns. */
  spacing: readonly [row: number, column: number] | null;
  sliceSpacing: number | null;
  /** What stands at the edges of the stored image. */
  edges: Edges | null;
  plane: string | null;
  notes: readonly string[];
  /** Coils that it was measured with, and the slices whose coil images are kept. */
  coils: number;
  coilSlices: readonly number[];
}

/** The facts that are read, as they arrive. */
type Details = Pick<
  VolumeDetails,
  | ('id' | 'name' | 'sequence' | 'tissueClass' | 'classReason')
  | ('slices' | 'rows' | 'columns' | 'hasPhase' | 'facialSlices' | 'coils')
> & { info: Record<string, unknown> };

/** Reads the technical facts of a volume; what is not there, or not what it should be, is null. */
export function viewedVolume(details: Details): ViewedVolume {
  const { info } = details;
  const geometry = record(info['geometry']);
  const edges = record(geometry?.['edges']);
  const spacing = info['pixelSpacing'];
  const sliceSpacing = geometry?.['sliceSpacing'];
  const letter = (side: string): string => (typeof edges?.[side] === 'string' ? edges[side] : '');
  const { id, name, sequence, tissueClass, classReason, slices, rows, columns, hasPhase, facialSlices } = details;
  return {
    ...{ id, name, sequence, tissueClass, classReason, slices, rows, columns, hasPhase, facialSlices },
    spacing: isPair(spacing) ? spacing : null,
    sliceSpacing: typeof sliceSpacing === 'number' ? sliceSpacing : null,
    edges:
      edges === undefined
        ? null
        : { left: letter('left'), right: letter('right'), top: letter('top'), bottom: letter('bottom') },
    plane: typeof geometry?.['plane'] === 'string' ? geometry['plane'] : null,
    coils: details.coils ?? 1,
    coilSlices: Array.isArray(info['coilSlices'])
      ? info['coilSlices'].filter((slice) => typeof slice === 'number')
      : [],
    notes: Array.isArray(info['notes']) ? info['notes'].filter((note) => typeof note === 'string') : [],
  };
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function isPair(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'number' && one > 0);
}
