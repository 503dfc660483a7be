import { randomBytes } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { lstatSync } from 'node:fs';
import { IsochromatError } from '../domain/errors.ts';
import type { PathToken, PickedPath } from './wire.ts';

/** Tokens kept; the ones given first are forgotten first. A listed folder of a file server may hold thousands. */
const MOST_TOKENS = 50_000;

/**
 * Opaque names for paths that the user picked, in a dialog, by dropping, or from a listing: the window holds
 * tokens, and never says a path. They live in memory and end with the engine.
 */
export class PathTokens {
  private readonly paths = new Map<PathToken, string>();
  private readonly tokens = new Map<string, PathToken>();
  private readonly most: number;

  constructor(most: number = MOST_TOKENS) {
    this.most = most;
  }

  /** @throws IsochromatError `file-not-found` */
  give(path: string): PickedPath {
    const absolute = resolve(path);
    const status = lstatSync(absolute, { throwIfNoEntry: false });
    if (status === undefined) {
      throw new IsochromatError({ code: 'file-not-found', sentence: 'There is no such file or folder.' });
    }
    return { token: this.tokenOf(absolute), name: basename(absolute), kind: status.isDirectory() ? 'folder' : 'file' };
  }

  /** The same for a file that is to be written. */
  giveNew(path: string): PickedPath {
    const absolute = resolve(path);
    return { token: this.tokenOf(absolute), name: basename(absolute), kind: 'file' };
  }

  /** A token for a path that need not exist yet. */
  tokenOf(path: string): PathToken {
    const known = this.tokens.get(path);
    if (known !== undefined) return known;
    const token = `path_${randomBytes(18).toString('base64url')}`;
    this.paths.set(token, path);
    this.tokens.set(path, token);
    if (this.paths.size > this.most) this.forgetOldest();
    return token;
  }

  /** @throws IsochromatError `unknown-token` */
  path(token: PathToken): string {
    const path = this.paths.get(token);
    if (path !== undefined) return path;
    throw new IsochromatError({
      code: 'unknown-token',
      sentence: 'The engine does not know this file or folder any more.',
      remedy: 'Choose it again.',
    });
  }

  private forgetOldest(): void {
    const [token, path] = this.paths.entries().next().value!;
    this.paths.delete(token);
    this.tokens.delete(path);
  }
}
