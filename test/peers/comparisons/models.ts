import { Random } from '../../../main/domain/random.ts';
import { SEQUENCES } from '../../../main/domain/sequences.ts';
import type { TensorContent } from '../../../main/formats/safetensors.ts';
import type { ParameterSpec } from '../../../main/models/parameters.ts';
import { asWeights } from '../tasks/inputs.ts';
import { floats } from '../tasks/task.ts';
import { OURS, PYTORCH, TFJS_NODE } from './comparison.ts';
import type { SideDescription } from '../side.ts';

/** Parts that begin at zero get these weights instead: at zero most of a network would not be compared at all. */
const INSTEAD_OF_ZERO = 0.05;

/** Weights for a comparison: as a network begins, but nothing at zero. */
export function comparableWeights(specs: readonly ParameterSpec[]): Record<string, TensorContent> {
  const weights = specs.map(({ name, shape, initialise }) => {
    const random = Random.for('peers', name);
    const data = initialise(shape, random);
    const began = data.every((value) => value === 0)
      ? random.normals(data.length).map((value) => value * INSTEAD_OF_ZERO)
      : data;
    return [name, floats(began, shape)] as const;
  });
  return asWeights(new Map(weights));
}

export function normals(name: string, shape: readonly number[]): TensorContent {
  return floats(Random.for('peers', name).normals(shape.reduce((a, b) => a * b, 1)), shape);
}

/** Conditions of a batch: every sequence in turn. */
export function sequences(batch: number): TensorContent {
  return { shape: [batch], data: Int32Array.from({ length: batch }, (_, i) => i % SEQUENCES.length) };
}

/** Who takes part where networks are compared; in large ones only those that targets speak of, since all hold memory at once. */
export function networkSides(task: string, large: boolean): SideDescription[] {
  const node = (name: string, backend: string): SideDescription => ({
    name,
    program: 'node',
    task,
    settings: { backend },
  });
  return [
    node(OURS, 'cpu-simd'),
    { name: PYTORCH, program: 'python', task },
    { ...node(TFJS_NODE, 'tensorflow'), stockOperations: true },
    ...(large ? [] : [node('tfjs-node, our operations', 'tensorflow'), node('tfjs-wasm, our operations', 'wasm')]),
  ];
}
