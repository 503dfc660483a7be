import type { ReconKernels } from '../kernels/recon-kernels.ts';
import { bluesteinFilter } from './fft-line.ts';
import { fftPlan } from './fft-plan.ts';
import { sizeAfter } from './fft-steps.ts';
import type { AxisTransform, Planes } from './fft-steps.ts';

/** A plan as the kernels read it; addresses inside count from its own start. */
interface PackedPlan {
  readonly bytes: Uint8Array;
  /** Where each pass's addresses stand, to be moved to where the plan is put. */
  readonly addresses: readonly number[];
  readonly chirp: number;
  readonly filter: number;
  /** Samples of the longest transform inside. */
  readonly capacity: number;
}

const packed = new Map<number, PackedPlan>();

/** Centred orthonormal transforms of planes by the WebAssembly kernels, a plane at a time, so that memory stays small. */
export function transformPlanesSimd(kernels: ReconKernels, input: Planes, steps: readonly AxisTransform[]): Planes {
  const { planes, rows, columns, data } = input;
  const size = sizeAfter(input, steps);
  const out = new Float32Array(2 * planes * size.rows * size.columns);
  if (out.length === 0) return { planes, ...size, data: out };
  kernels.reset();
  const plans = placePlans(kernels, { rows, columns }, steps);
  const capacity = Math.max(...[...plans.values()].map((plan) => plan.capacity));
  const work = kernels.reserve(32 * (2 * capacity + 33));
  const plane = kernels.reserve(8 * rows * columns);
  const cropped = steps.some((step) => step.keep !== undefined) ? kernels.reserve(8 * rows * columns) : plane;
  for (let p = 0; p < planes; p++) {
    kernels.copyIn(plane, data.subarray(2 * p * rows * columns, 2 * (p + 1) * rows * columns));
    let from = plane;
    let current = { rows, columns };
    for (const step of steps) {
      const next = sizeAfter(current, [step]);
      const length = step.along === 'rows' ? current.rows : current.columns;
      const to = step.keep === undefined ? from : from === plane ? cropped : plane;
      const plan = plans.get(length)!;
      const lines = step.along === 'rows' ? current.columns : current.rows;
      const [fromLine, fromStep] = step.along === 'rows' ? [8, 8 * current.columns] : [8 * current.columns, 8];
      const [toLine, toStep] = step.along === 'rows' ? [8, 8 * next.columns] : [8 * next.columns, 8];
      const { first, count } = step.keep ?? { first: 0, count: length };
      kernels.call.fftAxis(
        plan.address,
        length,
        plan.chirp,
        plan.filter,
        work,
        capacity,
        step.direction === 'inverse',
        1 / Math.sqrt(length),
        from,
        to,
        lines,
        fromLine,
        fromStep,
        toLine,
        toStep,
        first,
        count,
      );
      from = to;
      current = next;
    }
    const samples = size.rows * size.columns;
    kernels.copyOut(from, out.subarray(2 * p * samples, 2 * (p + 1) * samples));
  }
  return { planes, ...size, data: out };
}

function placePlans(
  kernels: ReconKernels,
  size: { rows: number; columns: number },
  steps: readonly AxisTransform[],
): Map<number, ReturnType<typeof place>> {
  const plans = new Map<number, ReturnType<typeof place>>();
  steps.forEach(({ along }, i) => {
    const { rows, columns } = sizeAfter(size, steps.slice(0, i));
    const length = along === 'rows' ? rows : columns;
    if (!plans.has(length)) plans.set(length, place(kernels, length));
  });
  return plans;
}

function place(kernels: ReconKernels, length: number) {
  let plan = packed.get(length);
  if (plan === undefined) {
    plan = pack(length);
    packed.set(length, plan);
  }
  const address = kernels.reserve(plan.bytes.length);
  const bytes = plan.bytes.slice();
  const words = new Uint32Array(bytes.buffer);
  for (const at of plan.addresses) words[at] = words[at]! + address;
  kernels.copyIn(address, bytes);
  const { chirp, filter, capacity } = plan;
  return { address, capacity, chirp: chirp && chirp + address, filter: filter && filter + address };
}

/** Words: 0 length, 1 number of passes, four a pass (radix, before, twiddles, roots); then the tables in 32 bits. */
function pack(length: number): PackedPlan {
  const plan = fftPlan(length);
  const inner = plan.kind === 'bluestein' ? plan.inner : plan;
  const tables: Float64Array[] = [];
  let end = 4 * (2 + 4 * inner.passes.length);
  const add = (table: Float64Array): number => {
    tables.push(table);
    const at = end;
    end += 4 * table.length;
    return at;
  };
  const words = [inner.length, inner.passes.length];
  const addresses: number[] = [];
  for (const { radix, before, twiddles, roots } of inner.passes) {
    words.push(radix, before);
    addresses.push(words.length, words.length + 1);
    words.push(add(twiddles), add(roots));
  }
  const [chirp, filter] = plan.kind === 'bluestein' ? [add(plan.chirp), add(bluesteinFilter(plan))] : [0, 0];
  const bytes = new Uint8Array(end);
  new Uint32Array(bytes.buffer, 0, words.length).set(words);
  new Float32Array(bytes.buffer, 4 * words.length).set(tables.flatMap((table) => [...table]));
  return { bytes, addresses, chirp, filter, capacity: Math.max(length, inner.length) };
}
