import type { TensorContent } from '../../../main/formats/safetensors.ts';
import type { Prepared, Settings } from '../protocol.ts';

/** Work that several programs do, so that their results and their speed can be compared. */
export interface Task {
  /** The numbers that all sides must agree on. */
  answer: () => Promise<Record<string, TensorContent>>;
  /** Once the work that is timed. */
  run: () => Promise<Done | void>;
}

/** What cannot be known from outside. */
export interface Done {
  /** How much was done, where that is not fixed. */
  operations?: number;
  /** Processor time of programs that the task started. */
  cpuSeconds?: number;
}

/**
 * Everything that comes before the work: reads the inputs, starts libraries, warms nothing up.
 * @param input file of arrays that all sides start from
 */
export type PrepareTask = (input: string, settings: Settings) => Promise<Task & Prepared>;

export function floats(data: Float32Array, shape: readonly number[] = [data.length]): TensorContent {
  return { shape, data: data as Float32Array<ArrayBuffer> };
}
