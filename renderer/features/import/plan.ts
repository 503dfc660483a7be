import type { Sequence } from '../../../main/domain/sequences.ts';
import type { FoundVolume } from '../../../main/server/contract.ts';
import type { engine } from '../../api/client.ts';

/** What the user decided of one found volume. */
export interface Decision {
  take: boolean;
  /** null = not known; such a volume cannot be imported. */
  sequence: Sequence | null;
}

/** Of which slices of multi-coil k-space the coils are kept. */
export type CoilSlices = NonNullable<Parameters<typeof engine.intake.import.mutate>[0]['coilSlices']>;

export type Plan = Readonly<Record<string, Decision>>;

/** What is proposed: everything whose sequence is known or guessed. */
export function proposed(volumes: readonly FoundVolume[]): Plan {
  return Object.fromEntries(volumes.map(({ key, sequence }) => [key, { take: sequence !== null, sequence }]));
}

export function decided(plan: Plan, key: string, part: Partial<Decision>): Plan {
  const before = plan[key] ?? { take: false, sequence: null };
  const after = { ...before, ...part };
  // To choose a sequence is to want the volume; without one it cannot be had.
  const take =
    after.sequence === null ? false : part.sequence !== undefined && before.sequence === null ? true : after.take;
  return { ...plan, [key]: { ...after, take } };
}

/** One sequence for all that have none yet. */
export function remainingAre(sequence: Sequence, plan: Plan): Plan {
  const without = Object.keys(plan).filter((key) => plan[key]!.sequence === null);
  return without.reduce((sum, key) => decided(sum, key, { sequence }), plan);
}

export function allTaken(volumes: readonly FoundVolume[], plan: Plan, take: boolean): Plan {
  return Object.fromEntries(
    volumes.map(({ key }) => {
      const sequence = plan[key]?.sequence ?? null;
      return [key, { sequence, take: take && sequence !== null }];
    }),
  );
}

/** The plan where these volumes are not taken, whatever was decided of them. */
export function without(plan: Plan, left: ReadonlySet<string>): Plan {
  return Object.fromEntries(
    Object.entries(plan).map(([key, decision]) => [key, left.has(key) ? { ...decision, take: false } : decision]),
  );
}

/** Bytes that the coils of the taken volumes need: of one slice each, and of all of them; undefined where there are none. */
export function coilBytes(volumes: readonly FoundVolume[], plan: Plan): { middle: number; all: number } | undefined {
  const taken = volumes.filter(({ key, coilBytes: each }) => each !== null && plan[key]?.take === true);
  if (taken.length === 0) return undefined;
  return {
    middle: taken.reduce((sum, { coilBytes: each }) => sum + each!, 0),
    all: taken.reduce((sum, { coilBytes: each, slices }) => sum + each! * slices, 0),
  };
}

/** The volumes to import; the sequence is named only where it differs from what was found, or was a guess. */
export function chosen(volumes: readonly FoundVolume[], plan: Plan): { key: string; sequence?: Sequence }[] {
  return volumes.flatMap((volume) => {
    const decision = plan[volume.key];
    if (decision === undefined || !decision.take || decision.sequence === null) return [];
    const corrected = decision.sequence !== volume.sequence;
    return [{ key: volume.key, ...(corrected ? { sequence: decision.sequence } : {}) }];
  });
}
