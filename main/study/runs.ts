import { mkdirSync, openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import type { Catalogue, Value } from './catalogue.ts';
import { syncToDisk, writeNewFile } from './durable.ts';
import { noSuchItem } from './items.ts';
import type { Items, Origin } from './items.ts';
import { METRICS_FILE } from './layout.ts';
import type { Layout } from './layout.ts';
import { MetricsLog, readMetrics } from './metrics-log.ts';
import type { MetricsLine } from './metrics-log.ts';
import { readProvenance } from './provenance.ts';
import type { Session } from './session.ts';

export type RunStatus = 'running' | 'succeeded' | 'cancelled' | 'failed' | 'interrupted' | 'out-of-memory' | 'crashed';

/** A run: one training, with its configuration, metrics and checkpoints. */
export interface Run {
  id: string;
  /** `autoencoder`, `flow`, `finetune`, `classifier`, … */
  kind: string;
  preset: string | null;
  status: RunStatus;
  created: string;
  finished: string | null;
  config: unknown;
  /** Runs, checkpoints and sets it was made from. */
  inputs: string[];
  codeVersion: string;
  backend: string | null;
  device: string | null;
  seed: string | null;
  /** What was found in the end: final losses, best step. */
  summary: unknown;
}

export interface NewRun extends Origin {
  /** `kind` is also the first part of its id. */
  kind: string;
  preset?: string;
}

/** The runs of a study. A run belongs to the session that is at it; should that end, it was interrupted. */
export class Runs {
  private readonly catalogue: Catalogue;
  private readonly items: Items;
  private readonly layout: Layout;
  private readonly session: Session | undefined;

  constructor(catalogue: Catalogue, items: Items, layout: Layout, session: Session | undefined) {
    this.catalogue = catalogue;
    this.items = items;
    this.layout = layout;
    this.session = session;
  }

  /** Starts a run: its folder with `config.json` is there, its status is `running`. */
  async start({ kind, preset, ...origin }: NewRun): Promise<Run> {
    const id = this.items.newId(kind);
    await this.items.staging(async (staged) => {
      writeNewFile(join(staged, 'config.json'), `${JSON.stringify(origin.configuration, null, 2)}\n`);
      mkdirSync(join(staged, 'checkpoints'));
      mkdirSync(join(staged, 'samples'));
      await this.items.publish({ id, kind: 'run', origin }, staged, () => {
        this.catalogue.run(
          `INSERT INTO runs (id, kind, preset, status, session) VALUES (?, ?, ?, 'running', ?)`,
          id,
          kind,
          preset ?? null,
          this.session?.id ?? null,
        );
      });
    });
    closeSync(openSync(this.metricsFile(id), 'a'));
    syncToDisk(this.folder(id));
    return this.get(id);
  }

  /**
   * Takes up a run that ended early.
   * @throws IsochromatError `run-not-resumable` while it runs or after it succeeded
   */
  resume(id: string): Run {
    return this.catalogue.write(() => {
      const { status } = this.get(id);
      if (status === 'running' || status === 'succeeded') throw notResumable(id, status);
      this.items.unseal(`runs/${id}/${METRICS_FILE}`);
      this.catalogue.run(
        `UPDATE runs SET status = 'running', session = ?, finished = NULL WHERE id = ?`,
        this.session?.id ?? null,
        id,
      );
      return this.get(id);
    });
  }

  /** Ends a run, with what was found. */
  async finish(id: string, status: Exclude<RunStatus, 'running'>, summary?: unknown): Promise<Run> {
    this.get(id);
    await this.items.seal(id, `runs/${id}/${METRICS_FILE}`);
    this.catalogue.run(
      'UPDATE runs SET status = ?, finished = ?, session = NULL, summary = ? WHERE id = ?',
      status,
      this.items.now(),
      summary === undefined ? null : JSON.stringify(summary),
      id,
    );
    return this.get(id);
  }

  get(id: string): Run {
    const row = this.catalogue.one(`${SELECT} AND runs.id = ?`, id);
    if (row === undefined) throw noSuchItem(id);
    return this.fromRow(row);
  }

  /** Living runs, oldest first. */
  list(filter: { kind?: string; preset?: string; status?: RunStatus } = {}): Run[] {
    const conditions: string[] = [];
    const values: Value[] = [];
    const columns = { 'runs.kind': filter.kind, preset: filter.preset, status: filter.status };
    for (const [column, value] of Object.entries(columns)) {
      if (value === undefined) continue;
      conditions.push(`AND ${column} = ?`);
      values.push(value);
    }
    return this.catalogue
      .all(`${SELECT} ${conditions.join(' ')} ORDER BY created, items.rowid`, ...values)
      .map((row) => this.fromRow(row));
  }

  /** The newest run that succeeded; undefined where there is none. */
  latest(filter: { kind: string; preset?: string }): Run | undefined {
    return this.list({ ...filter, status: 'succeeded' }).at(-1);
  }

  folder(id: string): string {
    return this.layout.at(`runs/${id}`);
  }

  /** Adds a file to `samples/` of a run: what it generates while it is trained. */
  async addSample(run: string, name: string, write: (path: string) => void | Promise<void>): Promise<string> {
    if (!/^[\w.-]+$/.test(name) || name.startsWith('.')) throw badName(name);
    const path = `runs/${run}/samples/${name}`;
    await this.items.staging(async (folder) => {
      await write(join(folder, name));
      await this.items.addFile(run, join(folder, name), path);
    });
    return this.layout.at(path);
  }

  /** Opens the metrics of a running run for appending. */
  openMetrics(run: string, resumedAt?: number): MetricsLog {
    return new MetricsLog(this.metricsFile(run), resumedAt);
  }

  metrics(run: string): MetricsLine[] {
    return readMetrics(this.metricsFile(run));
  }

  private metricsFile(run: string): string {
    return join(this.folder(run), METRICS_FILE);
  }

  private fromRow(row: Record<string, string | number | null>): Run {
    const id = row['id'] as string;
    const provenance = readProvenance(this.catalogue, id)!;
    return {
      id,
      kind: row['kind'] as string,
      preset: row['preset'] as string | null,
      status: row['status'] as RunStatus,
      created: row['created'] as string,
      finished: row['finished'] as string | null,
      config: provenance.configuration,
      inputs: provenance.inputs.map((input) => input.id),
      codeVersion: provenance.codeVersion,
      backend: provenance.backend ?? null,
      device: provenance.device ?? null,
      seed: provenance.seed === undefined ? null : String(provenance.seed),
      summary: row['summary'] === null ? null : (JSON.parse(row['summary'] as string) as unknown),
    };
  }
}

const SELECT = `SELECT runs.*, items.created FROM runs JOIN items ON items.id = runs.id WHERE items.deleted IS NULL`;

function notResumable(id: string, status: RunStatus): IsochromatError {
  return new IsochromatError({
    code: 'run-not-resumable',
    sentence: status === 'running' ? 'The run is running already.' : 'The run has been completed.',
    subject: id,
    expected: 'a run that was cancelled, interrupted or failed',
    found: status,
    remedy: 'Start a new run instead.',
  });
}

function badName(name: string): IsochromatError {
  return new IsochromatError({
    code: 'file-name',
    sentence: 'A sample cannot have this name.',
    expected: 'letters, digits, dot, hyphen and underscore',
    found: JSON.stringify(name),
  });
}
