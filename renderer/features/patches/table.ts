import { SEQUENCES } from '../../../main/domain/sequences.ts';
import { SPLITS, TISSUE_CLASSES } from '../../../main/domain/tissue.ts';
import type { Split } from '../../../main/domain/tissue.ts';
import type { PatchCountRow } from '../../../main/server/contract.ts';

export interface TableCell {
  patches: number;
  volumes: number;
}

export interface TableLine {
  tissueClass: string;
  /** null = the sum over sequences. */
  sequence: string | null;
  splits: Record<Split, TableCell>;
  all: TableCell;
}

/** The paper's Table 1: a line for each class and sequence that has any, and one with the sum of each class. */
export function tableOne(rows: readonly PatchCountRow[]): TableLine[] {
  return TISSUE_CLASSES.flatMap((tissueClass) => {
    const ofClass = rows.filter((row) => row.tissueClass === tissueClass);
    const lines = SEQUENCES.flatMap((sequence) => {
      const found = ofClass.filter((row) => row.sequence === sequence);
      return found.length === 0 ? [] : [lineOf(tissueClass, sequence, found)];
    });
    return ofClass.length === 0 ? [] : [...lines, lineOf(tissueClass, null, ofClass)];
  });
}

function lineOf(tissueClass: string, sequence: string | null, rows: readonly PatchCountRow[]): TableLine {
  const sum = (of: readonly PatchCountRow[]): TableCell => ({
    patches: of.reduce((total, row) => total + row.patches, 0),
    volumes: of.reduce((total, row) => total + row.volumes, 0),
  });
  const splits = Object.fromEntries(
    SPLITS.map((split) => [split, sum(rows.filter((row) => row.split === split))]),
  ) as Record<Split, TableCell>;
  return { tissueClass, sequence, splits, all: sum(rows) };
}

/** Volumes and patients that are in more than one split: there must be none. */
export function sharedBetweenSplits(
  rows: readonly { volume: string; name: string; patient: string | null; split: Split }[],
): { what: string; splits: Split[] }[] {
  const seen = new Map<string, Set<Split>>();
  for (const { volume, name, patient, split } of rows) {
    for (const what of [`${name} (${volume})`, ...(patient === null ? [] : [`patient ${patient.slice(0, 8)}`])]) {
      seen.set(what, (seen.get(what) ?? new Set()).add(split));
    }
  }
  return [...seen].flatMap(([what, splits]) => (splits.size > 1 ? [{ what, splits: [...splits] }] : []));
}
