import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { IsochromatError } from '../domain/errors.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { fromSqlite } from './sqlite-errors.ts';

export type Value = SQLInputValue;
export type Row = Record<string, string | number | null>;

/** How long one process waits for another's short write before it says that the study is busy. */
const PATIENCE_MS = 60_000;

/**
 * The study's SQLite database: statements prepared once, writes in transactions. Several processes may hold it open;
 * readers never wait, writers wait for one another.
 */
export class Catalogue {
  readonly file: string;
  readonly readOnly: boolean;
  private readonly database: DatabaseSync;
  private readonly prepared = new Map<string, StatementSync>();
  private writing = false;
  private transactions = 0;

  constructor(file: string, options: { readOnly?: boolean; migrations?: readonly string[] } = {}) {
    this.file = file;
    this.readOnly = options.readOnly === true;
    this.database = open(file, this.readOnly);
    try {
      migrate(this.database, options.migrations ?? MIGRATIONS, { file, readOnly: this.readOnly });
    } catch (thrown) {
      this.database.close();
      throw fromSqlite(thrown, file);
    }
  }

  /** Transactions of this process until now: while the number stands, what this process knows of an item holds. */
  get writes(): number {
    return this.transactions;
  }

  /** Every row of a query. */
  all<T = Row>(sql: string, ...values: Value[]): T[] {
    return this.guard(() => this.statement(sql).all(...values) as T[]);
  }

  /** The rows of a query one by one, for results that do not fit a list. */
  *each<T = Row>(sql: string, ...values: Value[]): Generator<T> {
    // A statement of its own: a prepared one may not be stepped by two readers at once.
    const statement = this.guard(() => this.database.prepare(sql));
    yield* statement.iterate(...values) as Iterable<T>;
  }

  one<T = Row>(sql: string, ...values: Value[]): T | undefined {
    return this.guard(() => this.statement(sql).get(...values) as T | undefined);
  }

  run(sql: string, ...values: Value[]): { changes: number; id: number } {
    if (!this.writing) return this.write(() => this.run(sql, ...values));
    const { changes, lastInsertRowid } = this.guard(() => this.statement(sql).run(...values));
    return { changes: Number(changes), id: Number(lastInsertRowid) };
  }

  /**
   * Runs `work` as one transaction: all of it is stored, or, where it throws, nothing. The write lock is taken first,
   * so what `work` reads cannot change under it. Calls inside calls join the outer transaction.
   */
  write<T>(work: () => T): T {
    if (this.readOnly) throw readOnlyStudy(this.file);
    if (this.writing) return work();
    this.guard(() => this.database.exec('BEGIN IMMEDIATE'));
    this.writing = true;
    this.transactions += 1;
    try {
      const result = work();
      this.guard(() => this.database.exec('COMMIT'));
      return result;
    } catch (thrown) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw thrown;
    } finally {
      this.writing = false;
    }
  }

  /** SQLite's own check of the file's pages and foreign keys; the problems in its words. */
  integrityProblems(): string[] {
    const pages = this.all<{ integrity_check: string }>('PRAGMA integrity_check(20)')
      .map((row) => row.integrity_check)
      .filter((line) => line !== 'ok');
    const keys = this.all<{ table: string; parent: string }>('PRAGMA foreign_key_check').map(
      (row) => `a row of ${row.table} points to a missing row of ${row.parent}`,
    );
    return [...pages, ...keys];
  }

  close(): void {
    this.prepared.clear();
    this.database.close();
  }

  private statement(sql: string): StatementSync {
    let statement = this.prepared.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.prepared.set(sql, statement);
    }
    return statement;
  }

  private guard<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw fromSqlite(thrown, this.file);
    }
  }
}

function open(file: string, readOnly: boolean): DatabaseSync {
  try {
    if (!readOnly) {
      const database = new DatabaseSync(file, { timeout: PATIENCE_MS });
      // FULL: a committed row survives a power cut, not only the end of the process.
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      // Half a million patches are inserted at once; their index pages should not leave memory meanwhile.
      database.exec('PRAGMA cache_size = -32000');
      return database;
    }
    const database = new DatabaseSync(file, { readOnly: true, timeout: PATIENCE_MS });
    try {
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
      return database;
    } catch (thrown) {
      database.close();
      // A write-ahead log needs a folder it may write to. Without one, and with nothing left in the log, the file
      // itself is the whole truth, and SQLite may take it as unchanging.
      if (!existsSync(file) || unwrittenLog(file)) throw thrown;
      return new DatabaseSync(`${fileUrl(file)}?immutable=1`, { readOnly: true });
    }
  } catch (thrown) {
    throw fromSqlite(thrown, file);
  }
}

function unwrittenLog(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function fileUrl(file: string): string {
  return `file:${encodeURI(file.replaceAll('\\', '/')).replaceAll('?', '%3f').replaceAll('#', '%23')}`;
}

export function readOnlyStudy(subject: string): IsochromatError {
  return new IsochromatError({
    code: 'study-read-only',
    sentence: 'The study is open for reading only.',
    subject,
    remedy: 'Open it from a place that this user may write to.',
  });
}
