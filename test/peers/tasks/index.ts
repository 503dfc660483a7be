import { autoencoderTraining } from './autoencoder.ts';
import { bartEspirit } from './bart.ts';
import { convolution } from './convolution.ts';
import { espirit } from './espirit.ts';
import { flowSampling, flowTraining } from './flow.ts';
import { nativePeak, webAssemblyPeak } from './peak.ts';
import { readDicom } from './read-dicom.ts';
import { readSlices } from './read-slices.ts';
import type { PrepareTask } from './task.ts';

/** What a side in Node can be asked to do. */
export const tasks: Readonly<Record<string, PrepareTask>> = {
  'autoencoder-training': autoencoderTraining,
  'bart-espirit': bartEspirit,
  convolution,
  espirit,
  'flow-sampling': flowSampling,
  'flow-training': flowTraining,
  'native-peak': nativePeak,
  'read-dicom': readDicom,
  'read-slices': readSlices,
  'webassembly-peak': webAssemblyPeak,
};
