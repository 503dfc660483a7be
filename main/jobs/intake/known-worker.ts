import { sourceFacts } from './source-facts.ts';

/** SHA-256 of the files of a source. Runs on a worker thread. */
export async function hashSource(files: readonly string[]): Promise<string> {
  return (await sourceFacts(files)).sha256;
}
