import type { Component } from './component.ts';
import { depthsOf, overlaps } from './same-slices.ts';
import { groupBy } from './stacks.ts';
import type { Stack } from './stacks.ts';

/**
 * Returns a function that tells a phase difference from a phase: Siemens phase with fewer echoes than its magnitude has is the
 * difference between them, whatever its protocol is called.
 */
export function differenceFinder(all: readonly Stack[]): (phase: Stack, magnitudes: readonly Stack[]) => boolean {
  const index = groupBy(all, (stack) => keyOf(stack, stack.component, stack.frames[0]!.series));
  const known = new Map<string, number>();
  /** Echo times of the stacks of a series that show what this one shows. */
  const echoes = (of: Stack, component: Component, series: string): number => {
    const key = keyOf(of, component, series);
    const question = `${key} ${depthsOf(of).join(' ')}`;
    const before = known.get(question);
    if (before !== undefined) return before;
    const stacks = (index.get(key) ?? []).filter((stack) => overlaps(stack, of));
    const count = new Set(stacks.map(({ frames }) => frames[0]!.echoTime)).size;
    known.set(question, count);
    return count;
  };
  return (phase, magnitudes) => {
    const { manufacturer, study, protocol, series } = phase.frames[0]!;
    if (!manufacturer.toUpperCase().startsWith('SIEMENS')) return false;
    if (echoes(phase, 'phase', series) !== 1) return false;
    const partner = magnitudes.find(
      (stack) => stack.frames[0]!.study === study && stack.frames[0]!.protocol === protocol && overlaps(stack, phase),
    );
    return partner !== undefined && echoes(phase, 'magnitude', partner.frames[0]!.series) > 1;
  };
}

function keyOf({ frames }: Stack, component: Component, series: string): string {
  const { study, protocol } = frames[0]!;
  return JSON.stringify([study, protocol, component, series]);
}
