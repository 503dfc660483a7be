import { join } from 'node:path';
import type { Catalogue } from './catalogue.ts';
import { noSuchItem } from './items.ts';
import type { Items, Origin } from './items.ts';
import type { Layout } from './layout.ts';

/** The latents of a patch set, encoded with one checkpoint of an autoencoder. */
export interface LatentSet {
  id: string;
  checkpoint: string;
  patchSet: string;
  /** Whatever belongs to them: standardisation, shapes. */
  info: unknown;
  /** Absolute path of the folder with its `.npy` files. */
  folder: string;
  created: string;
}

/** The cached latents of a study, in `latents/<id>/`. */
export class Latents {
  private readonly catalogue: Catalogue;
  private readonly items: Items;
  private readonly layout: Layout;

  constructor(catalogue: Catalogue, items: Items, layout: Layout) {
    this.catalogue = catalogue;
    this.items = items;
    this.layout = layout;
  }

  /** Adds latents: `write` writes their files into the folder it is given. */
  async add(
    set: { checkpoint: string; patchSet: string; info: unknown } & Omit<Origin, 'inputs'>,
    write: (folder: string) => void | Promise<void>,
  ): Promise<LatentSet> {
    const { checkpoint, patchSet, info, ...origin } = set;
    const id = this.items.newId('latents');
    const item = { id, kind: 'latents', origin: { ...origin, inputs: [checkpoint, patchSet] } } as const;
    await this.items.staging(async (folder) => {
      await write(folder);
      await this.items.publish(item, folder, () => {
        this.catalogue.run(
          'INSERT INTO latent_sets (id, checkpoint, patch_set, info) VALUES (?, ?, ?, ?)',
          id,
          checkpoint,
          patchSet,
          JSON.stringify(info ?? null),
        );
      });
    });
    return this.get(id);
  }

  get(id: string): LatentSet {
    const row = this.catalogue.one(`${SELECT} AND latent_sets.id = ?`, id);
    if (row === undefined) throw noSuchItem(id);
    return this.fromRow(row);
  }

  /** The newest latents of a patch set by a checkpoint. */
  find(checkpoint: string, patchSet: string): LatentSet | undefined {
    const row = this.catalogue.one(
      `${SELECT} AND checkpoint = ? AND patch_set = ? ORDER BY created DESC LIMIT 1`,
      checkpoint,
      patchSet,
    );
    return row === undefined ? undefined : this.fromRow(row);
  }

  private fromRow(row: Record<string, string | number | null>): LatentSet {
    const id = row['id'] as string;
    return {
      id,
      checkpoint: row['checkpoint'] as string,
      patchSet: row['patch_set'] as string,
      info: JSON.parse(row['info'] as string) as unknown,
      folder: join(this.layout.at(`latents/${id}`)),
      created: row['created'] as string,
    };
  }
}

const SELECT = `SELECT latent_sets.*, items.created FROM latent_sets
  JOIN items ON items.id = latent_sets.id WHERE items.deleted IS NULL`;
