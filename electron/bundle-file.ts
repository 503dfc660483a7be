import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

export interface BundleFile {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
}

/**
 * The file of the bundle that a URL path names; undefined where there is none. Nothing outside of `folder` is ever read: neither
 * through `..`, encoded or not, nor by an absolute path, a drive letter or a symbolic link.
 */
export async function readBundleFile(folder: string, urlPath: string): Promise<BundleFile | undefined> {
  const segments = segmentsOf(urlPath);
  const type = TYPES[extname(segments?.at(-1) ?? '').toLowerCase()];
  if (segments === undefined || type === undefined) return undefined;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, ...segments));
    if (!file.startsWith(root + sep)) return undefined;
    return { bytes: new Uint8Array(await readFile(file)), type };
  } catch {
    return undefined;
  }
}

/** Undefined where any part of the path is not a plain name. */
function segmentsOf(urlPath: string): string[] | undefined {
  try {
    const segments = decodeURIComponent(urlPath)
      .split('/')
      .filter((segment) => segment !== '');
    return segments.every(isPlainName) ? segments : undefined;
  } catch {
    return undefined;
  }
}

/** No dot folders, no separators of any system, no drive letters or alternate streams, nothing invisible. */
function isPlainName(segment: string): boolean {
  return !segment.startsWith('.') && !/[\\:%\u0000-\u001f\u007f]/.test(segment);
}
