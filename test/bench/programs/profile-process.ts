// Profiles training steps on one backend and prints the times as JSON.
//   node profile-process.ts TASK INPUT SETTINGS STEPS operations|kernels
import { tasks } from '../../peers/tasks/index.ts';
import type { Settings } from '../../peers/protocol.ts';
import { KernelTimes, timeWebAssembly } from './kernel-times.ts';

const [task, input, settings, steps, level] = process.argv.slice(2) as [string, string, string, string, string];
const { run } = await tasks[task]!(input, JSON.parse(settings) as Settings);
const times = new KernelTimes();
if (level === 'kernels') timeWebAssembly(times);
const count = Number(steps);
for (let i = 0; i < 3; i++) await run();
times.start();
const started = performance.now();
for (let i = 0; i < count; i++) await run();
const seconds = (performance.now() - started) / 1000 / count;
const lines = times.stop().map((line) => ({
  ...line,
  calls: line.calls / count,
  seconds: line.seconds / count,
  operations: line.operations / count,
}));
process.stdout.write(`${JSON.stringify({ seconds, lines })}\n`);
process.exit(0);
