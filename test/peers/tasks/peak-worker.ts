// One thread of the measurement of WebAssembly's peak.
import { parentPort, workerData } from 'node:worker_threads';

const module = new WebAssembly.Module(workerData as Uint8Array<ArrayBuffer>);
const { exports } = new WebAssembly.Instance(module, { env: { abort: () => {} } });
const turns = exports['turns'] as (count: number, x: number, y: number) => number;

export interface PeakRequest {
  turns: number;
  calls: number;
}

parentPort!.on('message', ({ turns: count, calls }: PeakRequest) => {
  for (let i = 0; i < calls; i++) turns(count, 0.5, 0.001);
  parentPort!.postMessage('done');
});
