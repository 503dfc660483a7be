import type { Sequence } from '../domain/sequences.ts';
import type { ConditionClass } from '../domain/tissue.ts';
import type { Catalogue } from './catalogue.ts';
import { noSuchItem } from './items.ts';
import type { Items, Origin } from './items.ts';
import type { Layout } from './layout.ts';

/** One synthetic patch: what it was asked to be, and the seed that makes it again. */
export interface SyntheticItem {
  sequence: Sequence;
  condition: ConditionClass;
  seed: number | string;
}

export interface SyntheticSet {
  id: string;
  checkpoint: string;
  /** What it was made for: `generate`, `realism`, `downstream`. */
  purpose: string;
  /** Guidance, steps, sampler. */
  info: unknown;
  /** Absolute path of the folder with `latents.npy` and `patches.npy`. */
  folder: string;
  created: string;
}

/** The synthetic sets of a study, in `synthetic/<id>/`. */
export class Synthetic {
  private readonly catalogue: Catalogue;
  private readonly items: Items;
  private readonly layout: Layout;

  constructor(catalogue: Catalogue, items: Items, layout: Layout) {
    this.catalogue = catalogue;
    this.items = items;
    this.layout = layout;
  }

  /**
   * Adds a set: `write` writes `latents.npy` and `patches.npy` into the folder it is given; row i of the arrays is
   * `patches[i]`.
   * @param inputs what else it was made from (the autoencoder's checkpoint); `checkpoint` is added
   */
  async add(
    set: { checkpoint: string; purpose: string; info: unknown; patches: readonly SyntheticItem[] } & Origin,
    write: (folder: string) => void | Promise<void>,
  ): Promise<SyntheticSet> {
    const { checkpoint, purpose, info, patches, inputs, ...origin } = set;
    const id = this.items.newId('synthetic');
    const item = { id, kind: 'synthetic-set', origin: { ...origin, inputs: [checkpoint, ...inputs] } } as const;
    await this.items.staging(async (folder) => {
      await write(folder);
      await this.items.publish(item, folder, () => {
        this.catalogue.run(
          'INSERT INTO synthetic_sets (id, checkpoint, purpose, info) VALUES (?, ?, ?, ?)',
          id,
          checkpoint,
          purpose,
          JSON.stringify(info ?? null),
        );
        patches.forEach((patch, position) => {
          this.catalogue.run(
            'INSERT INTO synthetic_items (synthetic_set, position, sequence, condition, seed) VALUES (?, ?, ?, ?, ?)',
            id,
            position,
            patch.sequence,
            patch.condition,
            String(patch.seed),
          );
        });
      });
    });
    return this.get(id);
  }

  get(id: string): SyntheticSet {
    const row = this.catalogue.one(`${SELECT} AND synthetic_sets.id = ?`, id);
    if (row === undefined) throw noSuchItem(id);
    return this.fromRow(row);
  }

  /** Living sets, oldest first. */
  list(filter: { checkpoint?: string; purpose?: string } = {}): SyntheticSet[] {
    return this.catalogue
      .all(
        `${SELECT} AND coalesce(checkpoint = ?, 1) AND coalesce(purpose = ?, 1) ORDER BY created, items.rowid`,
        filter.checkpoint ?? null,
        filter.purpose ?? null,
      )
      .map((row) => this.fromRow(row));
  }

  /** What each row of a set's arrays is. */
  patches(id: string): SyntheticItem[] {
    return this.catalogue
      .all<{ sequence: Sequence; condition: ConditionClass; seed: string }>(
        'SELECT sequence, condition, seed FROM synthetic_items WHERE synthetic_set = ? ORDER BY position',
        id,
      )
      .map((row) => ({ ...row }));
  }

  private fromRow(row: Record<string, string | number | null>): SyntheticSet {
    const id = row['id'] as string;
    return {
      id,
      checkpoint: row['checkpoint'] as string,
      purpose: row['purpose'] as string,
      info: JSON.parse(row['info'] as string) as unknown,
      folder: this.layout.at(`synthetic/${id}`),
      created: row['created'] as string,
    };
  }
}

const SELECT = `SELECT synthetic_sets.*, items.created FROM synthetic_sets
  JOIN items ON items.id = synthetic_sets.id WHERE items.deleted IS NULL`;
