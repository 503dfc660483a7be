import { dirname } from 'node:path';
import type { DicomFrame } from './frame.ts';
import { depthsOf, sameSlices } from './same-slices.ts';
import { groupBy } from './stacks.ts';
import type { Stack } from './stacks.ts';

/** How much each sign of kinship counts: any one more than all below it together. */
const WEIGHTS = { series: 8, time: 4, protocol: 2, neighbour: 1, folder: 0.5 } as const;

/**
 * Gives every second the first that it belongs to most, of those that show the same slices; each first has one at most, and it goes
 * to whoever belongs to it more, in whatever order they come.
 * @param contest is told of a second for which several firsts, or which for one first, are as good as others
 */
export function matchBest(
  firsts: readonly Stack[],
  seconds: readonly Stack[],
  contest: (second: Stack) => void,
  accept: (first: Stack, second: Stack) => void,
): void {
  if (firsts.length === 0 || seconds.length === 0) return;
  const taken = new Set<Stack>();
  const settled = new Map<Stack, number>();
  const [kinOfSecond, kinOfFirst] = [kinFinder(firsts), kinFinder(seconds)];
  /** Whether it was put where it belongs; undefined where there is nothing for it. */
  const settle = (second: Stack): boolean | undefined => {
    const [best, runnerUp] = kinOfSecond(second, 0, (first) => !taken.has(first));
    if (best === undefined) return undefined;
    const inTheWay = (other: Stack): boolean => other !== second && !((settled.get(other) ?? 0) > best.score);
    const [rival] = kinOfFirst(best.stack, best.score, inTheWay);
    if (runnerUp?.score === best.score || rival !== undefined) return false;
    taken.add(best.stack);
    settled.set(second, best.score);
    accept(best.stack, second);
    return true;
  };
  let open = seconds;
  for (let before = Infinity; open.length < before;) {
    before = open.length;
    open = open.filter((second) => settle(second) === false);
  }
  open.forEach(contest);
}

interface Scored {
  stack: Stack;
  score: number;
}

/** Finds the stacks that are closest to one, and no less close than `least`, the closest first. */
type KinFinder = (of: Stack, least: number, allowed: (stack: Stack) => boolean) => Scored[];

/**
 * Looks among those of the same series and time first, then of the same series, then time: so it stays quick where a series holds
 * thousands of time points.
 */
function kinFinder(stacks: readonly Stack[]): KinFinder {
  const bySeriesAndTime = groupBy(stacks, ({ frames }) => `${frames[0]!.series} ${frames[0]!.acquisitionTime}`);
  const bySeries = groupBy(stacks, ({ frames }) => frames[0]!.series);
  const byTime = groupBy(stacks, ({ frames }) => frames[0]!.acquisitionTime);
  const byPlace = groupBy(stacks, (stack) => placesOf(stack)[1]);
  return (of, least, allowed) => {
    const { series, acquisitionTime: time } = of.frames[0]!;
    const circles: [number, () => readonly Stack[]][] = [
      [Infinity, () => (time === '' ? [] : (bySeriesAndTime.get(`${series} ${time}`) ?? []))],
      [WEIGHTS.series + WEIGHTS.time, () => bySeries.get(series) ?? []],
      [WEIGHTS.series, () => (time === '' ? [] : (byTime.get(time) ?? []))],
      [WEIGHTS.time, () => placesOf(of).flatMap((place) => byPlace.get(place) ?? [])],
    ];
    for (const [below, circle] of circles) {
      if (below <= least) break;
      const close = circle()
        .filter((stack) => allowed(stack) && sameSlices(stack, of))
        .map((stack) => ({ stack, score: kinship(stack.frames[0]!, of.frames[0]!) }))
        .filter(({ score }) => score >= least);
      if (close.length > 0) return close.sort((a, b) => b.score - a.score);
    }
    return [];
  };
}

/** How many slices there are and about where the first one lies, and the places beside, which are as near. */
function placesOf(stack: Stack): [string, string, string] {
  const [first = 0] = depthsOf(stack);
  const at = (step: number): string => `${stack.frames.length} ${Math.round(10 * first) + step}`;
  return [at(-1), at(0), at(1)];
}

/** How strongly two stacks belong together. */
function kinship(a: DicomFrame, b: DicomFrame): number {
  return (
    (a.series === b.series ? WEIGHTS.series : 0) +
    (a.acquisitionTime !== '' && a.acquisitionTime === b.acquisitionTime ? WEIGHTS.time : 0) +
    (a.protocol === b.protocol ? WEIGHTS.protocol : 0) +
    (Math.abs((a.seriesNumber ?? 0) - (b.seriesNumber ?? 0)) <= 1 ? WEIGHTS.neighbour : 0) +
    // Where all else is equal: what was exported together belongs together.
    (dirname(a.path) === dirname(b.path) ? WEIGHTS.folder : 0)
  );
}
