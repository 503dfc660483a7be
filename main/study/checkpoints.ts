import { join } from 'node:path';
import type { Catalogue } from './catalogue.ts';
import { noSuchItem } from './items.ts';
import type { Items } from './items.ts';
import type { Layout } from './layout.ts';

export interface Checkpoint {
  /** `flow-7k3m9q2x/step-1000` */
  id: string;
  run: string;
  step: number;
  /** Absolute path of the safetensors file. */
  file: string;
  metrics: unknown;
  created: string;
}

/** The checkpoints of the runs of a study, in `runs/<id>/checkpoints/step-N.safetensors`. */
export class Checkpoints {
  private readonly catalogue: Catalogue;
  private readonly items: Items;
  private readonly layout: Layout;

  constructor(catalogue: Catalogue, items: Items, layout: Layout) {
    this.catalogue = catalogue;
    this.items = items;
    this.layout = layout;
  }

  /**
   * Adds a checkpoint: `write` writes the file to the path it is given, the study puts it in its place. One of the same
   * step, from before the run was resumed, then goes to the trash.
   */
  async add(
    run: string,
    step: number,
    write: (path: string) => void | Promise<void>,
    metrics?: unknown,
  ): Promise<Checkpoint> {
    const older = this.list(run).find((checkpoint) => checkpoint.step === step);
    const id = this.freeId(`${run}/step-${step}`);
    const path = `runs/${run}/checkpoints/${id.slice(run.length + 1)}.safetensors`;
    const origin = { inputs: [run], configuration: { step } };
    await this.items.staging(async (folder) => {
      const staged = join(folder, `step-${step}.safetensors`);
      await write(staged);
      await this.items.publishFile({ id, kind: 'checkpoint', origin }, staged, path, () => {
        this.catalogue.run(
          'INSERT INTO checkpoints (id, run, step, metrics) VALUES (?, ?, ?, ?)',
          id,
          run,
          step,
          metrics === undefined ? null : JSON.stringify(metrics),
        );
      });
    });
    if (older !== undefined) this.items.supersede(older.id);
    return this.get(id);
  }

  get(id: string): Checkpoint {
    const row = this.catalogue.one(`${SELECT} AND checkpoints.id = ?`, id);
    if (row === undefined) throw noSuchItem(id);
    return this.fromRow(row);
  }

  /** The checkpoints of a run by step. */
  list(run: string): Checkpoint[] {
    return this.catalogue.all(`${SELECT} AND run = ? ORDER BY step, created`, run).map((row) => this.fromRow(row));
  }

  /** The checkpoint of the highest step; undefined where the run has none. */
  latest(run: string): Checkpoint | undefined {
    return this.list(run).at(-1);
  }

  private freeId(id: string): string {
    let free = id;
    for (let n = 2; this.items.exists(free); n++) free = `${id}-${n}`;
    return free;
  }

  private fromRow(row: Record<string, string | number | null>): Checkpoint {
    return {
      id: row['id'] as string,
      run: row['run'] as string,
      step: row['step'] as number,
      file: this.layout.at(row['path'] as string),
      metrics: row['metrics'] === null ? null : (JSON.parse(row['metrics'] as string) as unknown),
      created: row['created'] as string,
    };
  }
}

const SELECT = `SELECT checkpoints.*, items.path, items.created FROM checkpoints
  JOIN items ON items.id = checkpoints.id WHERE items.deleted IS NULL`;
