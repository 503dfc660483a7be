import { readSafetensors } from '../../../main/formats/safetensors.ts';
import type { Weights } from '../../../main/models/parameters.ts';

/** The arrays that all sides start from; weights are those whose name begins so. */
const WEIGHT = 'weight:';

export interface Inputs {
  floats: (name: string) => Float32Array;
  indices: (name: string) => number[];
  weights: Weights;
}

export async function readInputs(path: string): Promise<Inputs> {
  const { tensors } = await readSafetensors(path);
  const find = (name: string) => {
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new Error(`The inputs lack ${name}.`);
    return tensor;
  };
  const weights = [...tensors]
    .filter(([name]) => name.startsWith(WEIGHT))
    .map(([name, { shape, data }]) => [name.slice(WEIGHT.length), { shape, data: data as Float32Array }] as const);
  return {
    floats: (name) => find(name).data as Float32Array,
    indices: (name) => Array.from(find(name).data as Int32Array),
    weights: new Map(weights),
  };
}

/** The names under which `readInputs` finds weights again. */
export function asWeights<T>(weights: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...weights].map(([name, tensor]) => [`${WEIGHT}${name}`, tensor]));
}
