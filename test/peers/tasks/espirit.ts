import { Worker } from 'node:worker_threads';
import type { TensorContent } from '../../../main/formats/safetensors.ts';
import { THREADS } from '../side.ts';
import { readInputs } from './inputs.ts';
import type { EspiritInput } from './espirit-worker.ts';
import { floats } from './task.ts';
import type { PrepareTask } from './task.ts';

export interface EspiritSettings {
  coils: number;
  rows: number;
  columns: number;
}

/** Coil sensitivities of as many slices as there are threads, one slice a thread, as an import of several files does it. */
export const espirit: PrepareTask = async (input, settings) => {
  const { coils, rows, columns } = settings as unknown as EspiritSettings;
  const inputs = await readInputs(input);
  const workerData: EspiritInput = {
    kspace: { shape: [coils, rows, columns], data: inputs.floats('kspace') },
    reference: { re: Float64Array.from(inputs.floats('reference-re')), im: Float64Array.from(inputs.floats('reference-im')) },
  }; // prettier-ignore
  const workers = Array.from(
    { length: THREADS },
    () => new Worker(new URL('./espirit-worker.ts', import.meta.url), { workerData }),
  );
  const ask = (worker: Worker, send: boolean) =>
    new Promise<Float32Array>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject).postMessage(send);
    });
  return {
    version: 'cpu-simd',
    note: `${THREADS} slices at a time, one thread each`,
    answer: async () => ({ maps: inObject(await ask(workers[0]!, true), inputs.floats('object')) }),
    run: async () => {
      await Promise.all(workers.map((worker) => ask(worker, false)));
    },
  };
};

/** Maps `[coils, pixels]` where the object is, zero elsewhere. */
export function inObject(maps: Float32Array, object: Float32Array): TensorContent {
  const pixels = object.length;
  return floats(maps.map((value, i) => value * object[(i >> 1) % pixels]!));
}
