import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { KIND_FACTS } from '../kinds.ts';
import type { JobKind } from '../kinds.ts';

/** The part of a job's parameters that holds paths, by field. */
export type PathParameters = Record<string, unknown>;

/** Parameters without their paths, and the paths. In place of each field that holds paths stands how many: `{count: 3}`. */
export function separatePaths(
  kind: JobKind,
  parameters: Readonly<Record<string, unknown>>,
): { shown: Record<string, unknown>; paths: PathParameters | null } {
  const shown: Record<string, unknown> = { ...parameters };
  const paths: PathParameters = {};
  for (const field of KIND_FACTS[kind].pathFields) {
    if (parameters[field] === undefined) continue;
    paths[field] = parameters[field];
    shown[field] = { count: textsIn(parameters[field]).filter(looksLikePath).length };
  }
  return { shown, paths: Object.keys(paths).length === 0 ? null : paths };
}

/** True where fields of these parameters were replaced by their count. */
export function needsPaths(kind: JobKind, shown: Readonly<Record<string, unknown>>): boolean {
  return KIND_FACTS[kind].pathFields.some((field) => shown[field] !== undefined);
}

/**
 * Paths of the user's files may hold names. They lie in a file of their own beside the job's log while the job is not over (so
 * that one that was queued or interrupted can go on after a restart), and are removed with its end. Until the engine ends, they
 * are then remembered in memory alone, for a retry.
 */
export class PrivatePaths {
  private readonly root: string;
  private readonly remembered = new Map<string, PathParameters>();

  /** @param root the study's folder of jobs */
  constructor(root: string) {
    this.root = root;
  }

  /** Keeps them on disk: the job is queued or runs. */
  keep(job: string, paths: PathParameters): void {
    this.remembered.set(job, paths);
    mkdirSync(join(this.root, job), { recursive: true });
    writeFileSync(this.file(job), JSON.stringify(paths), { mode: 0o600 });
  }

  of(job: string): PathParameters | undefined {
    const known = this.remembered.get(job);
    if (known !== undefined || !existsSync(this.file(job))) return known;
    try {
      return JSON.parse(readFileSync(this.file(job), 'utf8')) as PathParameters;
    } catch {
      // Cut off by a crash while it was written: as good as none.
      return undefined;
    }
  }

  /** The job is over: nothing of them stays on disk. */
  removeFromDisk(job: string): void {
    rmSync(this.file(job), { force: true });
  }

  private file(job: string): string {
    return join(this.root, job, 'paths.json');
  }
}

/** Takes paths, and the names at their ends, out of everything in a value that is going to be kept. */
export function withoutPaths<T>(value: T, paths: PathParameters | null | undefined): T {
  const known = textsIn(paths ?? {}).filter(looksLikePath);
  const parts = known.flatMap((path) => [path, basename(path)]).filter((part) => part.length > 2);
  if (parts.length === 0) return value;
  const longestFirst = [...new Set(parts)].sort((a, b) => b.length - a.length).map(literally);
  // With what follows below it.
  const pattern = new RegExp(`(?:${longestFirst.join('|')})(?:[\\\\/][^\\s'"]*)?`, 'g');
  return mapTexts(value, (text) => text.replaceAll(pattern, '…')) as T;
}

/** A text as a pattern that only matches itself. */
function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [change(key), mapTexts(each, change)]));
}

function looksLikePath(text: string): boolean {
  return /[\\/]/.test(text);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
