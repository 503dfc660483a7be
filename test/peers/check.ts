import { readSafetensors } from '../../main/formats/safetensors.ts';
import type { SafeTensor } from '../../main/formats/safetensors.ts';

/** How far two programs' answers are from each other. */
export interface Agreement {
  group: string;
  /** ‖a − b‖ / ‖b‖ over all numbers of the group. */
  error: number;
  tolerance: number;
  agrees: boolean;
}

type Answers = ReadonlyMap<string, SafeTensor>;

/** Compares what two sides wrote; names and sizes must be the same. @throws Error where they are not */
export async function compareAnswers(
  ours: string,
  theirs: string,
  tolerance: Readonly<Record<string, number>>,
): Promise<Agreement[]> {
  const [a, b] = [(await readSafetensors(ours)).tensors, (await readSafetensors(theirs)).tensors];
  requireSameNumbers(a, b);
  return Object.entries(tolerance).map(([group, limit]) => {
    const names = [...a.keys()].filter((name) => name.split(':')[0] === group);
    if (names.length === 0) throw new Error(`No answer belongs to ${group}.`);
    const error = relativeError(a, b, names);
    return { group, error, tolerance: limit, agrees: error <= limit };
  });
}

function requireSameNumbers(a: Answers, b: Answers): void {
  const shape = (answers: Answers): string =>
    [...answers].map(([name, { data }]) => `${name}[${data.length}]`).sort().join(' '); // prettier-ignore
  if (shape(a) === shape(b)) return;
  const missing = [...a].find(([name, { data }]) => b.get(name)?.data.length !== data.length);
  throw new Error(
    `The sides computed different things: ${a.size} and ${b.size} arrays, ${missing?.[0] ?? 'more'} differs.`,
  );
}

function relativeError(a: Answers, b: Answers, names: readonly string[]): number {
  let difference = 0;
  let size = 0;
  for (const name of names) {
    const x = a.get(name)!.data as Float32Array;
    const y = b.get(name)!.data as Float32Array;
    for (let i = 0; i < x.length; i++) {
      difference += (x[i]! - y[i]!) ** 2;
      size += y[i]! ** 2;
    }
  }
  return Math.sqrt(difference / Math.max(size, Number.MIN_VALUE));
}
