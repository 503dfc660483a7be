import { setImmediate } from 'node:timers/promises';
import type { ComplexImage, ComplexVolume } from '../domain/complex.ts';
import { IsochromatError, asIsochromatError, cancelled } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import { brainMask } from './mask.ts';
import { normaliseSlice } from './normalise.ts';
import { resizeInKspace } from './resize.ts';

/** Matrix of every image that leaves this folder, unless another is asked for. */
export const IMAGE_SIZE = 320;

export interface OutputOptions {
  readonly rows?: number;
  readonly columns?: number;
}

/** A slice that could not be used, and why. */
export interface SliceProblem {
  readonly slice: number;
  readonly error: IsochromatError;
}

/** Complex slices ready for the study. */
export interface PreparedVolume {
  /** Every slice divided by its largest magnitude; slices with a problem are zero. */
  readonly image: ComplexVolume;
  /** `[slices, rows, columns]`, 1 inside the head. */
  readonly mask: Uint8Array;
  /** What each slice was divided by; 0 for slices with a problem. */
  readonly scales: Float64Array;
  readonly problems: readonly SliceProblem[];
  /** The second image where two sets of sensitivity maps were asked for, scaled like the first. */
  readonly secondImage?: ComplexVolume;
}

/** Collects slices one by one into a normalised volume; a bad slice is noted and the rest goes on. */
export class VolumeAssembly {
  readonly rows: number;
  readonly columns: number;
  private readonly slices: number;
  private readonly data: Float32Array;
  private readonly scales: Float64Array;
  private second: Float32Array | undefined;
  private readonly problems = new Map<number, IsochromatError>();

  constructor(slices: number, { rows = IMAGE_SIZE, columns = IMAGE_SIZE }: OutputOptions) {
    for (const size of [rows, columns]) {
      if (!Number.isInteger(size) || size < 16 || size > 4096) {
        throw new IsochromatError({
          code: 'image-size',
          sentence: 'Images cannot be made in this size.',
          expected: 'rows and columns from 16 to 4096',
          found: `${rows} × ${columns}`,
        });
      }
    }
    this.slices = slices;
    this.rows = rows;
    this.columns = columns;
    this.data = new Float32Array(2 * slices * rows * columns);
    this.scales = new Float64Array(slices);
  }

  /** Resizes in k-space, normalises and stores an image. Throws what {@link normaliseSlice} throws. */
  add(slice: number, image: ComplexImage): void {
    const { image: normalised, scale } = normaliseSlice(resizeInKspace(image, this.rows, this.columns));
    this.data.set(normalised.data, slice * normalised.data.length);
    this.scales[slice] = scale;
  }

  /** Stores a companion of a slice that was added, divided by the same number. */
  addSecond(slice: number, image: ComplexImage): void {
    this.second ??= new Float32Array(this.data.length);
    const { data } = resizeInKspace(image, this.rows, this.columns);
    const scale = this.scales[slice]!;
    this.second.set(
      data.map((value) => value / scale),
      slice * data.length,
    );
  }

  /** What a slice that was added was divided by. */
  scaleOf(slice: number): number {
    return this.scales[slice]!;
  }

  refuse(slice: number, thrown: unknown): void {
    this.problems.set(slice, asIsochromatError(thrown, `slice ${slice}`));
  }

  noneUsable(): IsochromatError {
    const first = this.problems.values().next().value;
    return new IsochromatError({
      code: 'no-usable-slice',
      sentence: 'Not one slice of this acquisition can be used.',
      found: first === undefined ? 'no slices' : first.message,
      cause: first,
    });
  }

  /** @throws IsochromatError `no-usable-slice` when not one slice is left */
  finish(): PreparedVolume {
    const { slices, rows, columns, data, scales } = this;
    const problems = [...this.problems].sort(([a], [b]) => a - b).map(([slice, error]) => ({ slice, error }));
    if (problems.length === slices) throw this.noneUsable();
    const image = { slices, rows, columns, data };
    const prepared = { image, mask: brainMask(image), scales, problems };
    return this.second === undefined ? prepared : { ...prepared, secondImage: { ...image, data: this.second } };
  }
}

/** Tells progress, lets other work of the process run, and stops the work when it is cancelled. */
export async function betweenSlices(context: WorkContext, stage: string, done: number, total: number): Promise<void> {
  context.onProgress?.({ stage, done, total });
  await setImmediate();
  if (context.signal?.aborted === true) throw cancelled(stage);
}
