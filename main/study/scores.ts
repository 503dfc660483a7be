import type { TissueClass } from '../domain/tissue.ts';
import type { Catalogue } from './catalogue.ts';
import { noSuchItem } from './items.ts';
import type { Items, Origin } from './items.ts';

/** The score of one volume: the mean of the highest patch probabilities. */
export interface StoredScore {
  volume: string;
  score: number;
  /** Patches of the volume, and how many of them the mean is of. */
  patches: number;
  used: number;
  /** What the volume was known to be when it was scored. */
  tissueClass: TissueClass | null;
}

export interface ScoreSet {
  id: string;
  /** The classifier. */
  run: string;
  created: string;
}

/** The volume scores of a study: one set each time a classifier scored volumes. */
export class Scores {
  private readonly catalogue: Catalogue;
  private readonly items: Items;

  constructor(catalogue: Catalogue, items: Items) {
    this.catalogue = catalogue;
    this.items = items;
  }

  add(set: { run: string; scores: readonly StoredScore[] } & Origin): ScoreSet {
    const { run, scores, ...origin } = set;
    const id = this.items.newId('scores');
    this.items.record({ id, kind: 'scores', origin }, JSON.stringify(scores), () => {
      this.catalogue.run('INSERT INTO score_sets (id, run) VALUES (?, ?)', id, run);
      for (const score of scores) {
        this.catalogue.run(
          `INSERT INTO volume_scores (score_set, volume, score, patches, used, tissue_class) VALUES (?, ?, ?, ?, ?, ?)`,
          id,
          score.volume,
          score.score,
          score.patches,
          score.used,
          score.tissueClass,
        );
      }
    });
    return this.list().find((each) => each.id === id)!;
  }

  /** Living sets, oldest first. */
  list(run?: string): ScoreSet[] {
    return this.catalogue.all<ScoreSet & Record<string, string>>(
      `SELECT score_sets.id, run, created FROM score_sets JOIN items USING (id)
       WHERE deleted IS NULL AND coalesce(run = ?, 1) ORDER BY created, items.rowid`,
      run ?? null,
    );
  }

  /** The scores of a set, by volume. */
  of(id: string): StoredScore[] {
    if (!this.list().some((set) => set.id === id)) throw noSuchItem(id);
    return this.catalogue
      .all(
        'SELECT volume, score, patches, used, tissue_class FROM volume_scores WHERE score_set = ? ORDER BY volume',
        id,
      )
      .map((row) => ({
        volume: row['volume'] as string,
        score: row['score'] as number,
        patches: row['patches'] as number,
        used: row['used'] as number,
        tissueClass: row['tissue_class'] as TissueClass | null,
      }));
  }
}
