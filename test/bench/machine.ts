import { availableParallelism, cpus, totalmem } from 'node:os';
import { hasRelaxedSimd } from '../../main/kernels/loader.ts';
import { THREADS } from '../peers/side.ts';

/** Where figures were measured. */
export interface Machine {
  processor: string;
  cores: number;
  threadsUsed: number;
  memoryGiB: number;
  system: string;
  node: string;
  relaxedSimd: boolean;
}

export function machine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    threadsUsed: THREADS,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    relaxedSimd: hasRelaxedSimd(),
  };
}
