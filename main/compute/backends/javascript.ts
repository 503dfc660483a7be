import * as tf from '@tensorflow/tfjs-core';
import '../library.ts';
import type { ActiveBackend, BackendCandidate } from './candidate.ts';

/** TensorFlow.js in plain JavaScript: a hundred times slower than the others, therefore only on request. */
export const javascript: BackendCandidate = {
  name: 'cpu',
  reasoning: 'Plain JavaScript: the slowest, and the plainest to compare with. Never chosen, only asked for.',
  remedy: 'It comes with Isochromat; ask for it with --backend cpu.',
  activate: async (): Promise<ActiveBackend> => {
    const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu');
    if (!(await tf.setBackend('cpu'))) throw new Error('The plain JavaScript backend did not start.');
    return { device: '1 CPU thread', version };
  },
};
