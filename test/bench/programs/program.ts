import type { MeasureOptions, Verdict } from '../measure.ts';

/** A benchmark of a whole program, which is not one function that several sides compute. */
export interface Program {
  name: string;
  title: string;
  run: (options: ProgramOptions) => Promise<Verdict[]>;
  /** Left out where only the table of targets is measured. */
  beside?: boolean;
}

export interface ProgramOptions extends MeasureOptions {
  /** Whether to write the result to `results/`. */
  keep: boolean;
  say: (line: string) => void;
}
