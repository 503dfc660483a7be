// A side of a comparison that runs in Node: ours, TensorFlow.js on its own backends, programs called from here. See protocol.ts.
import { createInterface } from 'node:readline';
import { writeSafetensors } from '../../main/formats/safetensors.ts';
import type { Request } from './protocol.ts';
import { tasks } from './tasks/index.ts';
import type { Task } from './tasks/task.ts';

let task: Task | undefined;

async function answerTo(request: Request): Promise<object> {
  if (request.ask === 'prepare') {
    const prepare = tasks[request.task];
    if (prepare === undefined) throw new Error(`There is no task ${request.task}.`);
    const { version, note, ...prepared } = await prepare(request.input, request.settings);
    task = prepared;
    return { version, ...(note === undefined ? {} : { note }) };
  }
  if (request.ask === 'memory') return { peakBytes: process.resourceUsage().maxRSS * 1024 };
  if (task === undefined) throw new Error('Nothing is prepared.');
  if (request.ask === 'answer') {
    await writeSafetensors(request.output, await task.answer());
    return {};
  }
  const started = performance.now();
  const before = process.cpuUsage();
  let operations = 0;
  let inChildren = 0;
  for (let i = 0; i < request.times; i++) {
    const done = await task.run();
    operations += done?.operations ?? 0;
    inChildren += done?.cpuSeconds ?? 0;
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6 + inChildren;
  return { seconds, cpuSeconds, ...(operations === 0 ? {} : { operations }) };
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply: object;
  try {
    reply = await answerTo(JSON.parse(line) as Request);
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
process.exit(0);
