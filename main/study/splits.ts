import type { Split } from '../domain/tissue.ts';
import type { Catalogue } from './catalogue.ts';
import { noSuchItem } from './items.ts';
import type { Items } from './items.ts';

export interface SplitScheme {
  id: string;
  seed: string;
  settings: unknown;
  created: string;
}

/** Which volume belongs to which split. A scheme grows as volumes come; what it said of a volume never changes. */
export class Splits {
  private readonly catalogue: Catalogue;
  private readonly items: Items;

  constructor(catalogue: Catalogue, items: Items) {
    this.catalogue = catalogue;
    this.items = items;
  }

  /** The scheme in force: the newest. */
  latest(): SplitScheme | undefined {
    const row = this.catalogue.one<SplitScheme & { settings: string }>(`${SELECT} ORDER BY rowid DESC LIMIT 1`);
    return row === undefined ? undefined : parse(row);
  }

  get(id: string): SplitScheme {
    const row = this.catalogue.one<SplitScheme & { settings: string }>(`${SELECT} WHERE id = ?`, id);
    if (row === undefined) throw noSuchItem(id);
    return parse(row);
  }

  /** A new, empty scheme. */
  create(seed: number | string, settings: unknown): SplitScheme {
    const id = this.items.newId('split');
    this.catalogue.run(
      'INSERT INTO split_schemes (id, seed, settings, created) VALUES (?, ?, ?, ?)',
      id,
      String(seed),
      JSON.stringify(settings),
      this.items.now(),
    );
    return this.get(id);
  }

  /** Split of every volume that the scheme has placed. */
  of(scheme: string): Map<string, Split> {
    return new Map(
      this.catalogue
        .all<{ volume: string; split: Split }>('SELECT volume, split FROM volume_splits WHERE scheme = ?', scheme)
        .map(({ volume, split }) => [volume, split]),
    );
  }

  /** Places volumes that the scheme did not know; those that it knows stay where they are. */
  place(scheme: string, splits: ReadonlyMap<string, Split>): void {
    this.catalogue.write(() => {
      for (const [volume, split] of splits) {
        this.catalogue.run(
          'INSERT INTO volume_splits (scheme, volume, split) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
          scheme,
          volume,
          split,
        );
      }
    });
  }
}

const SELECT = 'SELECT id, seed, settings, created FROM split_schemes';

function parse(row: SplitScheme & { settings: string }): SplitScheme {
  return { ...row, settings: JSON.parse(row.settings) as unknown };
}
