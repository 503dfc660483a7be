import { createHash } from 'node:crypto';
import { asReadError } from '../../formats/read-file.ts';
import { fileFacts } from '../../study/index.ts';

/** What a volume's files are recognised by. */
export interface SourceFacts {
  sha256: string;
  bytes: number;
}

/**
 * SHA-256 of a file; of several, of the sorted hashes, so that neither names nor order play a part.
 * @throws IsochromatError when one of them cannot be read
 */
export async function sourceFacts(files: readonly string[]): Promise<SourceFacts> {
  const hashes: string[] = [];
  let bytes = 0;
  for (const path of files) {
    const facts = await fileFacts(path).catch((thrown: unknown) => {
      throw asReadError(thrown, path);
    });
    hashes.push(facts.sha256);
    bytes += facts.bytes;
  }
  if (hashes.length === 1) return { sha256: hashes[0]!, bytes };
  return { sha256: createHash('sha256').update(hashes.sort().join('\n')).digest('hex'), bytes };
}
