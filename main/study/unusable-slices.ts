import { reasonOf } from '../domain/errors.ts';
import type { ErrorDetails } from '../domain/errors.ts';

/** A slice that was part of the acquisition and holds zeros in the study, and why. */
export interface UnusableSlice {
  slice: number;
  code: string;
  reason: string;
}

/** The slices that could not be used when a volume was imported, as its technical facts list them. */
export function unusableSlices({ info }: { info: Record<string, unknown> }): UnusableSlice[] {
  const listed = info['slicesNotUsed'];
  if (!Array.isArray(listed)) return [];
  return (listed as { slice: number; error: Omit<ErrorDetails, 'cause'> }[]).map(({ slice, error }) => ({
    slice,
    code: error.code,
    reason: reasonOf(error),
  }));
}
