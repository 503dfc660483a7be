import { JobQueue, openForEngine } from '../../../main/jobs/queue/index.ts';
import { MISBEHAVING } from './misbehaving.ts';

// An engine without a server, for tests that kill it: opens a study, submits the jobs it is told, and tells what happens, a line of
// JSON each.
const [folder = '', ...behaviours] = process.argv.slice(2);
const tell = (message: unknown): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
const { study } = await openForEngine(folder);
const queue = new JobQueue(study, {
  entry: MISBEHAVING,
  sleep: { hold: () => {}, release: () => {} },
  orphanPatience: 5000,
});
queue.on((event) => {
  if (event.type === 'log' && event.line.message === 'started') tell({ started: event.line.details!['pid'] });
  if (event.type === 'progress') tell({ progress: event.job });
});
for (const site of behaviours) queue.submit('import', { paths: ['/scans/DOE_JOHN'], site });
tell({ ready: process.pid });
setInterval(() => {}, 1000);
