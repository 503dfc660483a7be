import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * SHA-256 of an AssemblyScript entry file and of every file of the same folder that it imports, directly or not, in a fixed
 * order. Written beside the compiled module and compared when it is loaded: a stale kernel never computes silently.
 */
export function kernelSourceHash(folder: string, entry: string): string {
  const sources = new Map<string, string>();
  const visit = (file: string): void => {
    if (sources.has(file)) return;
    const text = readFileSync(join(folder, file), 'utf8');
    sources.set(file, text);
    for (const match of text.matchAll(/from '\.\/([\w-]+)'/g)) visit(`${match[1]}.ts`);
  };
  visit(entry);
  const hash = createHash('sha256');
  for (const file of [...sources.keys()].sort()) hash.update(`${file}\n${sources.get(file)}\n`);
  return hash.digest('hex');
}
