import { join } from 'node:path';

/** Folders whose entries are items: each entry has a row in the catalogue, or it does not belong there. */
export const ITEM_FOLDERS = ['volumes', 'patches', 'runs', 'latents', 'synthetic'] as const;

/** The kinds of items, and the folder of each; null = lives in the catalogue alone. */
export const ITEM_KINDS = {
  volume: 'volumes',
  'patch-set': 'patches',
  run: 'runs',
  checkpoint: null,
  latents: 'latents',
  'synthetic-set': 'synthetic',
  experiment: null,
  scores: null,
} as const satisfies Record<string, (typeof ITEM_FOLDERS)[number] | null>;
export type ItemKind = keyof typeof ITEM_KINDS;

/** A log that grows while its run runs: the one file of an item that has no fixed content. */
export const METRICS_FILE = 'metrics.jsonl';

/** Where things lie in a study folder. */
export class Layout {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  get description(): string {
    return join(this.root, 'study.json');
  }

  /** What a double click opens: it stands for the folder that it lies in, and says nothing itself. */
  get opener(): string {
    return join(this.root, 'study.isochromat');
  }

  get catalogue(): string {
    return join(this.root, 'study.db');
  }

  /** What is being written; one folder and one lock file a session. */
  get staging(): string {
    return join(this.root, 'staging');
  }

  /** What belongs to the jobs of the queue: their logs. */
  get jobs(): string {
    return join(this.root, 'jobs');
  }

  get trash(): string {
    return join(this.root, 'trash');
  }

  /** An absolute path from one of the catalogue (relative, forward slashes). */
  at(path: string): string {
    return join(this.root, ...path.split('/'));
  }
}
