// The thread that draws batches ahead (prefetch.ts): told a step, it answers with that step's batch.
import { workerData } from 'node:worker_threads';
import { autoencoderBatches } from './autoencoder.ts';
import { flowBatches } from './flow.ts';
import { openPatchSource } from './patch-source.ts';
import type { BatchWorkerData } from './prefetch.ts';

const { recipe, port } = workerData as BatchWorkerData;
const draw =
  recipe.kind === 'autoencoder'
    ? autoencoderBatches(recipe, await openPatchSource(recipe.source))
    : flowBatches(recipe);
port.on('message', (step: number) => {
  const batch = draw(step);
  const buffers = Object.values(batch).flatMap((value) => (value instanceof Float32Array ? [value.buffer] : []));
  port.postMessage({ step, batch }, buffers as ArrayBuffer[]);
});
