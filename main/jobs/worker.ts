import { runJob } from './kinds/run.ts';
import { beJobProcess } from './worker-program.ts';

// The process of one job, as the engine starts it.
beJobProcess(runJob);
