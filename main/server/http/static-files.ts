import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { FastifyReply } from 'fastify';
import { CONTENT_TYPES } from './content-types.ts';

/**
 * Answers with the file of `folder` that a URL path names, or with its `index.html` where the path is one of the window's own
 * addresses. Nothing outside of the folder is ever read: neither through `..`, encoded or not, nor a link.
 * @returns undefined where there is no such file
 */
export async function sendFile(
  reply: FastifyReply,
  folder: string,
  urlPath: string,
): Promise<FastifyReply | undefined> {
  const names = plainNames(urlPath);
  if (names === undefined) return undefined;
  const isFile = extname(names.at(-1) ?? '') !== '';
  const path = isFile ? names : ['index.html'];
  const type = CONTENT_TYPES[extname(path.at(-1)!).toLowerCase()];
  const file = type === undefined ? undefined : await inside(folder, path);
  if (file === undefined) return undefined;
  // Vite puts a hash of the content into the names of assets; the page that names them is asked for anew.
  const hashed = isFile && names[0] === 'assets';
  return reply
    .header('content-type', type)
    .header('content-length', file.bytes)
    .header('cache-control', hashed ? 'private, max-age=31536000, immutable' : 'no-cache')
    .send(createReadStream(file.path));
}

async function inside(folder: string, names: readonly string[]): Promise<{ path: string; bytes: number } | undefined> {
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, ...names));
    const status = await stat(path);
    return path.startsWith(root + sep) && status.isFile() ? { path, bytes: status.size } : undefined;
  } catch {
    return undefined;
  }
}

/** The parts of a path; undefined where one is not a plain name: dots first, separators, drives, what is invisible, or still encoded. */
function plainNames(urlPath: string): string[] | undefined {
  try {
    const names = decodeURIComponent(urlPath)
      .split('/')
      .filter((name) => name !== '');
    return names.every((name) => !name.startsWith('.') && !/[\\:%\u0000-\u001f\u007f]/.test(name)) ? names : undefined;
  } catch {
    return undefined;
  }
}
