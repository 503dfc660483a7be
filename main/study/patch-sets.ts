import { join } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import type { Sequence } from '../domain/sequences.ts';
import { SPLITS } from '../domain/tissue.ts';
import type { Split, TissueClass } from '../domain/tissue.ts';
import type { Catalogue, Value } from './catalogue.ts';
import { noSuchItem } from './items.ts';
import type { Items, Origin } from './items.ts';
import type { Layout } from './layout.ts';

/** One patch: where it was cut, what it shows, and where it lies. */
export interface Patch {
  split: Split;
  /** Index into `<split>.npy` of its set. */
  position: number;
  volume: string;
  slice: number;
  /** First row and column in the stored image. */
  top: number;
  left: number;
  tissueClass: TissueClass;
  sequence: Sequence;
  /** The box of the finding that it was cut around. */
  box: number | null;
}

export interface PatchSet {
  id: string;
  created: string;
  /** Side of the square patches. */
  size: number;
  /** The split scheme that says which volume belongs where. */
  scheme: string;
  settings: unknown;
}

export interface PatchFilter {
  split?: Split;
  tissueClass?: TissueClass;
  sequence?: Sequence;
  volume?: string;
}

type PatchSetRow = Omit<PatchSet, 'settings'> & { settings: string };

const SELECT = `SELECT patch_sets.id, created, size, scheme, settings FROM patch_sets JOIN items USING (id) WHERE deleted IS NULL`;

function fromRow(row: PatchSetRow): PatchSet {
  return { ...row, settings: JSON.parse(row.settings) as unknown };
}

/** The patch sets of a study. `patches/<set>/<split>.npy` is (n, 2, size, size) float32. */
export class PatchSets {
  private readonly catalogue: Catalogue;
  private readonly items: Items;
  private readonly layout: Layout;

  constructor(catalogue: Catalogue, items: Items, layout: Layout) {
    this.catalogue = catalogue;
    this.items = items;
    this.layout = layout;
  }

  /** Where to write `train.npy`, `validation.npy`, `test.npy` of a set before `add`. */
  stage(): string {
    return this.items.stage();
  }

  unstage(folder: string): void {
    this.items.unstage(folder);
  }

  /**
   * Publishes a staged set with all its rows, in one transaction.
   * @param set `scheme` is called in that transaction: a split scheme that it makes is stored with the set or not at all
   */
  async add(
    folder: string,
    set: { size: number; scheme: () => string; settings: unknown },
    patches: Iterable<Patch>,
    origin: Origin,
  ): Promise<PatchSet> {
    const id = this.items.newId('patches');
    await this.items.publish({ id, kind: 'patch-set', origin }, folder, () => {
      this.catalogue.run(
        'INSERT INTO patch_sets (id, scheme, size, settings) VALUES (?, ?, ?, ?)',
        id,
        set.scheme(),
        set.size,
        JSON.stringify(set.settings),
      );
      for (const patch of patches) this.insert(id, patch);
      this.requireNoExternal(id);
    });
    return this.get(id);
  }

  /**
   * No model may have seen an external volume. Asked when a set appears or comes back; `Volumes.setPurpose` asks the other way round.
   * @throws IsochromatError `external-in-patches`
   */
  requireNoExternal(id: string): void {
    const external = this.catalogue.one<{ name: string }>(
      `SELECT name FROM volumes WHERE purpose = 'external' AND id IN (SELECT volume FROM patches WHERE patch_set = ?)`,
      id,
    );
    if (external === undefined) return;
    throw new IsochromatError({
      code: 'external-in-patches',
      sentence: 'A volume of this patch set has become external: no model may see it.',
      subject: id,
      expected: 'training volumes only',
      found: external.name,
      remedy: 'Make it a training volume again first, or take new patches.',
    });
  }

  get(id: string): PatchSet {
    const row = this.catalogue.one<PatchSetRow>(`${SELECT} AND patch_sets.id = ?`, id);
    if (row === undefined) throw noSuchItem(id);
    return fromRow(row);
  }

  /** Living sets, oldest first. */
  list(): PatchSet[] {
    return this.catalogue.all<PatchSetRow>(`${SELECT} ORDER BY created, items.rowid`).map(fromRow);
  }

  latest(): PatchSet | undefined {
    return this.list().at(-1);
  }

  /** The patches of a set, by split and position. */
  patches(id: string, filter: PatchFilter = {}): Patch[] {
    const conditions = ['patch_set = ?'];
    const values: Value[] = [id];
    const columns = {
      split: filter.split,
      tissue_class: filter.tissueClass,
      sequence: filter.sequence,
      volume: filter.volume,
    };
    for (const [column, value] of Object.entries(columns)) {
      if (value === undefined) continue;
      conditions.push(`${column} = ?`);
      values.push(value);
    }
    return this.catalogue
      .all(`SELECT * FROM patches WHERE ${conditions.join(' AND ')} ORDER BY split, position`, ...values)
      .map((row) => ({
        split: row['split'] as Split,
        position: row['position'] as number,
        volume: row['volume'] as string,
        slice: row['slice'] as number,
        top: row['top'] as number,
        left: row['left_column'] as number,
        tissueClass: row['tissue_class'] as TissueClass,
        sequence: row['sequence'] as Sequence,
        box: row['box'] as number | null,
      }));
  }

  /** Number of patches in each split. */
  counts(id: string): Record<Split, number> {
    const rows = this.catalogue.all<{ split: Split; n: number }>(
      'SELECT split, count(*) AS n FROM patches WHERE patch_set = ? GROUP BY split',
      id,
    );
    return Object.fromEntries(SPLITS.map((split) => [split, rows.find((r) => r.split === split)?.n ?? 0])) as Record<
      Split,
      number
    >;
  }

  /** The array file of a split. */
  file(id: string, split: Split): string {
    return join(this.layout.at(`patches/${id}`), `${split}.npy`);
  }

  private insert(id: string, patch: Patch): void {
    this.catalogue.run(
      `INSERT INTO patches (patch_set, split, position, volume, slice, top, left_column, tissue_class, sequence, box)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      id,
      patch.split,
      patch.position,
      patch.volume,
      patch.slice,
      patch.top,
      patch.left,
      patch.tissueClass,
      patch.sequence,
      patch.box,
    );
  }
}
