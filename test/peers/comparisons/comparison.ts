import type { TensorContent } from '../../../main/formats/safetensors.ts';
import type { Settings } from '../protocol.ts';
import type { SideDescription } from '../side.ts';

/** The same work done by several programs. */
export interface Comparison {
  name: string;
  /** A line for tables: what is done, and how large. */
  title: string;
  /** Ours first. */
  sides: readonly SideDescription[];
  settings: Settings;
  /** What one run does, in the unit: seconds a run become units a second. */
  amount: number;
  unit: 'GFLOP/s' | 'images/s' | 'slices/s' | 'maps/s';
  /** Writes whatever files the settings name, and answers the arrays that all sides start from. */
  inputs: (folder: string) => Promise<Inputs>;
  /** Largest ‖ours − theirs‖ / ‖theirs‖ over each group of answers; a group is what stands before the first colon. */
  tolerance: Readonly<Record<string, number>>;
  targets: readonly Target[];
  /** Resident memory that ours may take. */
  mostBytes?: number;
  /** Left out where only the table of targets is measured. */
  beside?: boolean;
}

export interface Inputs {
  arrays: Record<string, TensorContent>;
  settings?: Settings;
}

/** How fast ours is to be. */
export interface Target {
  against?: string;
  /** Units a second as a multiple of that side's, or absolute without one. */
  atLeast: number;
  /** Beyond what is asked. */
  stretch?: number;
}

export const OURS = 'Isochromat';
export const PYTORCH = 'PyTorch';
export const TFJS_NODE = 'tfjs-node, stock operations';
