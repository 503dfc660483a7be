// One thread of the task `espirit`: estimates the maps of its slice on every message.
import { parentPort, workerData } from 'node:worker_threads';
import type { ComplexArray } from '../../../main/domain/complex.ts';
import { calibrate } from '../../../main/recon/calibrate.ts';
import { espiritMaps } from '../../../main/recon/espirit.ts';
import type { PhaseReference } from '../../../main/recon/phase-convention.ts';

export interface EspiritInput {
  kspace: ComplexArray;
  reference: PhaseReference;
}

const { kspace, reference } = workerData as EspiritInput;
const [, rows, columns] = kspace.shape as readonly [number, number, number];

parentPort!.on('message', (send: boolean) => {
  const { maps } = espiritMaps(calibrate(kspace, rows), rows, columns, reference);
  parentPort!.postMessage(send ? maps.data : new Float32Array(1));
});
