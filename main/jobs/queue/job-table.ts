import type { Catalogue } from '../../study/catalogue.ts';
import type { JobKind } from '../kinds.ts';
import type { JobError, JobOutcome, JobState } from './types.ts';

/** A job as the catalogue keeps it. */
export interface StoredJob {
  id: string;
  kind: JobKind;
  title: string;
  /** Without paths. */
  parameters: Record<string, unknown>;
  state: JobState;
  priority: number;
  position: number;
  attempt: number;
  created: string;
  started: string | null;
  ended: string | null;
  /** The session of the process that is, or was, at it. */
  session: string | null;
  /** The run that the next attempt goes on with. */
  run: string | null;
  items: string[];
  outcome: JobOutcome | null;
  error: JobError | null;
}

/** The jobs of a study, in its catalogue. */
export class JobTable {
  private readonly catalogue: Catalogue;

  constructor(catalogue: Catalogue) {
    this.catalogue = catalogue;
  }

  all(): StoredJob[] {
    return this.catalogue.all('SELECT * FROM jobs ORDER BY created, rowid').map((row) => ({
      id: row['id'] as string,
      kind: row['kind'] as JobKind,
      title: row['title'] as string,
      parameters: JSON.parse(row['parameters'] as string) as Record<string, unknown>,
      state: row['state'] as JobState,
      priority: row['priority'] as number,
      position: row['position'] as number,
      attempt: row['attempt'] as number,
      created: row['created'] as string,
      started: row['started'] as string | null,
      ended: row['ended'] as string | null,
      session: row['session'] as string | null,
      run: row['run'] as string | null,
      items: JSON.parse(row['items'] as string) as string[],
      outcome: parsed<JobOutcome>(row['outcome']),
      error: parsed<JobError>(row['error']),
    }));
  }

  /** Stores jobs as they are now, all or none. */
  save(jobs: readonly StoredJob[]): void {
    if (jobs.length === 0) return;
    this.catalogue.write(() => {
      for (const job of jobs) this.saveOne(job);
    });
  }

  remove(id: string): void {
    this.catalogue.run('DELETE FROM jobs WHERE id = ?', id);
  }

  private saveOne(job: StoredJob): void {
    this.catalogue.run(
      `INSERT INTO jobs (id, kind, title, parameters, state, priority, position, attempt, created, started, ended, session,
         run, items, outcome, error)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, priority = excluded.priority, position = excluded.position,
         attempt = excluded.attempt, started = excluded.started, ended = excluded.ended, session = excluded.session,
         run = excluded.run, items = excluded.items, outcome = excluded.outcome, error = excluded.error`,
      job.id,
      job.kind,
      job.title,
      JSON.stringify(job.parameters),
      job.state,
      job.priority,
      job.position,
      job.attempt,
      job.created,
      job.started,
      job.ended,
      job.session,
      job.run,
      JSON.stringify(job.items),
      job.outcome === null ? null : JSON.stringify(job.outcome),
      job.error === null ? null : JSON.stringify(job.error),
    );
  }
}

function parsed<T>(text: unknown): T | null {
  return typeof text === 'string' ? (JSON.parse(text) as T) : null;
}
