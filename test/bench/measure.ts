import { loadavg } from 'node:os';
import type { Entrant } from '../peers/contest.ts';
import type { Comparison, Target } from '../peers/comparisons/comparison.ts';
import { spreadOf } from './statistics.ts';
import type { Spread } from './statistics.ts';

export interface MeasureOptions {
  /** How often each side has its turn. */
  rounds: number;
  /** About how long a turn is. */
  seconds: number;
}

export interface Measured {
  name: string;
  version: string;
  note?: string;
  /** In the comparison's unit, one a round. */
  samples: number[];
  rate: Spread;
  /** In units a second of processor time, summed over threads: what is left of a rate on a busy machine. */
  cpuRate: Spread;
  /** Our rate over this side's, round by round: both were measured under the same load. */
  ratio: Spread;
  /** The same for a second of processor time. */
  cpuRatio: Spread;
  /** Largest resident memory of its process. */
  peakBytes: number;
}

export interface Judged extends Target {
  reached: number;
  met: boolean;
}

/** A line of the table of targets. */
export interface Verdict {
  work: string;
  target: string;
  reached: string;
  met: boolean;
}

export interface Result {
  name: string;
  title: string;
  unit: string;
  sides: Measured[];
  targets: Judged[];
  /** Load average (one minute) when each round began. */
  load: number[];
}

/** Times the sides in turns: every round each side once, forwards and backwards alternately, so that none is always first. */
export async function measure(comparison: Comparison, entrants: Entrant[], options: MeasureOptions): Promise<Result> {
  const times = new Map<Entrant, number>();
  for (const entrant of entrants) times.set(entrant, await turnsFor(entrant, options.seconds));
  const samples = new Map(entrants.map((entrant) => [entrant, [] as number[]]));
  const cpuSamples = new Map(entrants.map((entrant) => [entrant, [] as number[]]));
  const load: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    load.push(loadavg()[0]!);
    for (const entrant of round % 2 === 0 ? entrants : entrants.toReversed()) {
      const count = times.get(entrant)!;
      const { seconds, cpuSeconds, operations } = await entrant.side.run(count);
      const amount = operations === undefined ? comparison.amount * count : operations / 1e9;
      samples.get(entrant)!.push(amount / seconds);
      cpuSamples.get(entrant)!.push(amount / cpuSeconds);
    }
  }
  const ratioTo = (entrant: Entrant, of: typeof samples): Spread =>
    spreadOf(of.get(entrant)!.map((rate, i) => of.get(entrants[0]!)![i]! / rate));
  const sides: Measured[] = [];
  for (const entrant of entrants) {
    const { side, version, note } = entrant;
    const own = samples.get(entrant)!;
    const facts = { name: side.name, version, ...(note === undefined ? {} : { note }) };
    const rates = { rate: spreadOf(own), cpuRate: spreadOf(cpuSamples.get(entrant)!) };
    const ratios = { ratio: ratioTo(entrant, samples), cpuRatio: ratioTo(entrant, cpuSamples) };
    sides.push({ ...facts, samples: own, ...rates, ...ratios, peakBytes: await side.peakBytes() });
  }
  const { name, title, unit } = comparison;
  return { name, title, unit, sides, targets: comparison.targets.flatMap((target) => judged(target, sides)), load };
}

/** How often a side does its work in one turn. The first run warms up and is not counted. */
async function turnsFor({ side }: Entrant, wanted: number): Promise<number> {
  await side.run(1);
  const { seconds } = await side.run(1);
  return Math.max(1, Math.round(wanted / Math.max(seconds, 1e-6)));
}

function judged(target: Target, sides: readonly Measured[]): Judged[] {
  const other = sides.find(({ name }) => name === target.against);
  if (target.against !== undefined && other === undefined) return [];
  const reached = other === undefined ? sides[0]!.rate.median : other.ratio.median;
  return [{ ...target, reached, met: reached >= target.atLeast }];
}
