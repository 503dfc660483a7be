import type { Catalogue } from './catalogue.ts';
import { noSuchItem } from './items.ts';
import type { Items, Origin } from './items.ts';
import { readProvenance } from './provenance.ts';

/** The result of an evaluation, as JSON. */
export interface Experiment<Result = unknown> {
  id: string;
  /** `reconstruction`, `realism`, `substitution`, … */
  kind: string;
  config: unknown;
  inputs: string[];
  result: Result;
  created: string;
}

/** The evaluations of a study: each stays as it came out. */
export class Experiments {
  private readonly catalogue: Catalogue;
  private readonly items: Items;

  constructor(catalogue: Catalogue, items: Items) {
    this.catalogue = catalogue;
    this.items = items;
  }

  add<Result>(experiment: { kind: string; result: Result } & Origin): Experiment<Result> {
    const { kind, result, ...origin } = experiment;
    const id = this.items.newId(kind);
    const content = JSON.stringify(result);
    this.items.record({ id, kind: 'experiment', origin }, content, () => {
      this.catalogue.run('INSERT INTO experiments (id, kind, result) VALUES (?, ?, ?)', id, kind, content);
    });
    return this.get<Result>(id);
  }

  get<Result = unknown>(id: string): Experiment<Result> {
    const row = this.catalogue.one<ExperimentRow>(`${SELECT} AND experiments.id = ?`, id);
    if (row === undefined) throw noSuchItem(id);
    return this.fromRow<Result>(row);
  }

  /** Living experiments, oldest first. */
  list<Result = unknown>(kind?: string): Experiment<Result>[] {
    return this.catalogue
      .all<ExperimentRow>(
        `${SELECT} AND coalesce(experiments.kind = ?, 1) ORDER BY items.created, items.rowid`,
        kind ?? null,
      )
      .map((row) => this.fromRow<Result>(row));
  }

  /** The newest of a kind. */
  latest<Result = unknown>(kind: string): Experiment<Result> | undefined {
    return this.list<Result>(kind).at(-1);
  }

  private fromRow<Result>(row: ExperimentRow): Experiment<Result> {
    const provenance = readProvenance(this.catalogue, row.id)!;
    return {
      id: row.id,
      kind: row.kind,
      config: provenance.configuration,
      inputs: provenance.inputs.map((input) => input.id),
      result: JSON.parse(row.result) as Result,
      created: row.created,
    };
  }
}

interface ExperimentRow {
  id: string;
  kind: string;
  result: string;
  created: string;
}

const SELECT = `SELECT experiments.*, items.created FROM experiments
  JOIN items ON items.id = experiments.id WHERE items.deleted IS NULL`;
