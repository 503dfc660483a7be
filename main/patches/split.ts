import { Random } from '../domain/random.ts';
import { SEQUENCES } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import { SPLITS } from '../domain/tissue.ts';
import type { Split, TissueClass } from '../domain/tissue.ts';

/** Shares of train, validation and test. */
export type SplitShares = Record<Split, number>;

export interface SplitSettings {
  labelled: SplitShares;
  unlabeled: SplitShares;
}

export const DEFAULT_SPLIT_SETTINGS: SplitSettings = {
  labelled: { train: 0.7, validation: 0.15, test: 0.15 },
  unlabeled: { train: 0.95, validation: 0.025, test: 0.025 },
};

/** A volume to be placed. */
export interface SplitVolume {
  id: string;
  /** What orders volumes: the hash of the source, so that the same scans are split the same way in every study. */
  key: string;
  /** Volumes of one patient stay together; null = not known, the volume stands for itself. */
  patient: string | null;
  tissueClass: TissueClass;
  sequence: Sequence;
}

/** Volumes that stay together. */
interface Group {
  key: string;
  volumes: SplitVolume[];
  stratum: TissueClass;
  sequence: number;
}

/**
 * Places volumes in splits: by patient where the patient is known, in each class separately by its shares, spread evenly over the
 * sequences. Volumes (and patients) that were placed before stay where they are, and new ones fill up what is short.
 *
 * Of three groups of a class or more, each split gets at least one, so that a small study has something to
 * validate and to test on.
 *
 * @param placed splits of volumes placed before
 * @returns the split of every volume given
 */
export function splitVolumes(
  volumes: readonly SplitVolume[],
  settings: SplitSettings,
  seed: number | string,
  placed: ReadonlyMap<string, Split> = new Map(),
): Map<string, Split> {
  const result = new Map<string, Split>();
  const groups = groupsOf(volumes);
  for (const stratum of ['abnormal', 'normal', 'unlabeled'] as const) {
    const mine = groups.filter((group) => group.stratum === stratum);
    const shares = stratum === 'unlabeled' ? settings.unlabeled : settings.labelled;
    const splits = placeGroups(mine, shares, Random.for('split', seed, stratum), placed);
    for (const [group, split] of splits) for (const { id } of group.volumes) result.set(id, split);
  }
  return result;
}

/**
 * Whole numbers that add up to `total`, as near to the shares as possible (largest remainder); with `total` ≥ 3, at
 * least one for every share above 0.
 */
export function apportion(total: number, shares: SplitShares): Record<Split, number> {
  const sum = SPLITS.reduce((s, split) => s + shares[split], 0);
  const exact = SPLITS.map((split) => (total * shares[split]) / sum);
  const counts = exact.map((x) => Math.floor(x + 1e-9));
  const order = exact.map((_, i) => i).sort((a, b) => exact[b]! - counts[b]! - (exact[a]! - counts[a]!) || a - b);
  const missing = total - counts.reduce((a, b) => a + b, 0);
  for (const i of order.slice(0, missing)) counts[i] = counts[i]! + 1;
  for (let i = 0; total >= SPLITS.length && i < counts.length; i++) {
    if (counts[i]! > 0 || shares[SPLITS[i]!] === 0) continue;
    const largest = counts.indexOf(Math.max(...counts));
    counts[largest] = counts[largest]! - 1;
    counts[i] = 1;
  }
  return Object.fromEntries(SPLITS.map((split, i) => [split, counts[i]!])) as Record<Split, number>;
}

function groupsOf(volumes: readonly SplitVolume[]): Group[] {
  const byName = new Map<string, SplitVolume[]>();
  for (const volume of volumes) {
    const name = volume.patient === null ? `volume ${volume.id}` : `patient ${volume.patient}`;
    byName.set(name, [...(byName.get(name) ?? []), volume]);
  }
  const groups = [...byName.values()].map((members): Group => {
    const sorted = members.toSorted((a, b) => compare(a.key, b.key));
    const classes = new Set(members.map((volume) => volume.tissueClass));
    // A patient with an abnormal scan is abnormal, one with any label is labelled.
    const stratum = (['abnormal', 'normal', 'unlabeled'] as const).find((each) => classes.has(each))!;
    const first = sorted.find((volume) => volume.tissueClass === stratum)!;
    return { key: sorted[0]!.key, volumes: sorted, stratum, sequence: SEQUENCES.indexOf(first.sequence) };
  });
  return groups.sort((a, b) => compare(a.key, b.key));
}

/**
 * Walks along the groups, sequence by sequence, in random order within each, and gives each to the split that lags furthest behind
 * its share of the way: systematic sampling, whose totals are exact and which no sequence can escape.
 */
function placeGroups(
  groups: readonly Group[],
  shares: SplitShares,
  random: Random,
  placed: ReadonlyMap<string, Split>,
): Map<Group, Split> {
  const result = new Map<Group, Split>();
  const fixed = (group: Group): Split | undefined =>
    group.volumes.map((volume) => placed.get(volume.id)).find((split) => split !== undefined);
  const sequences = random.shuffled([...new Set(groups.map((group) => group.sequence))].sort((a, b) => a - b));
  const walk = sequences.flatMap((sequence) => random.shuffled(groups.filter((group) => group.sequence === sequence)));
  const totals = apportion(groups.length, shares);
  const assigned: Record<Split, number> = { train: 0, validation: 0, test: 0 };
  for (const group of walk) {
    const split = fixed(group);
    if (split === undefined) continue;
    result.set(group, split);
    assigned[split]++;
  }
  let step = result.size;
  for (const group of walk) {
    if (result.has(group)) continue;
    step++;
    const lag = (split: Split): number => (step * totals[split]) / groups.length - assigned[split];
    const open = SPLITS.filter((split) => assigned[split] < totals[split]);
    const split = (open.length > 0 ? open : SPLITS).reduce((best, each) => (lag(each) > lag(best) ? each : best));
    result.set(group, split);
    assigned[split]++;
  }
  return result;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
