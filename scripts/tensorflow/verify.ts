// A process of its own, so that a library that crashes ends nothing else: node scripts/tensorflow/verify.ts FOLDER
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConvolution } from '../../main/compute/self-check.ts';
import { layout } from '../../main/compute/tensorflow/installation.ts';
import type { TensorFlowInstallation } from '../../main/compute/tensorflow/installation.ts';
import { loadTensorFlow } from '../../main/compute/tensorflow/load.ts';

const folder = process.argv[2]!;
const manifest = JSON.parse(readFileSync(join(folder, layout.manifest), 'utf8')) as TensorFlowInstallation;
const { version, usesGpu } = loadTensorFlow({ ...manifest, folder });
await tf.setBackend('tensorflow');
await checkConvolution();
console.log(JSON.stringify({ version, usesGpu, node: process.version }));
