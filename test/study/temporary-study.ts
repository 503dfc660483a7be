import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { createStudy, writeVolumeArrays } from '../../main/study/index.ts';
import type { Study, Volume, VolumeFacts } from '../../main/study/index.ts';
import { facts } from './volume-facts.ts';

export { facts, sha256 } from './volume-facts.ts';

export const IDENTITY_KEY = Buffer.alloc(32, 7);

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'isochromat-study-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder that goes when all tests of a suite have ended. */
export function temporaryFolderForAll(): string {
  const folder = mkdtempSync(join(tmpdir(), 'isochromat-study-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A new study that is closed and removed when the test ends. */
export async function temporaryStudy(name = 'A study'): Promise<Study> {
  const study = await createStudy(join(temporaryFolder(), 'study'), { name, identityKey: IDENTITY_KEY });
  onTestFinished(() => closeQuietly(study));
  return study;
}

/** Closes a study that the test may have closed itself. */
export function closeQuietly(study: Study): void {
  try {
    study.close();
  } catch {
    // It was closed.
  }
}

/** Stores a small volume whose samples count upwards. */
export async function addVolume(study: Study, name: string, more: Partial<VolumeFacts> = {}): Promise<Volume> {
  const volume = facts(name, more);
  const folder = study.volumes.stage();
  const { slices, rows, columns } = volume;
  const samples = slices * rows * columns;
  const data = Float32Array.from({ length: 2 * samples }, (_, i) => i / samples);
  await writeVolumeArrays(folder, { slices, rows, columns, data }, new Uint8Array(samples).fill(1));
  return study.volumes.add(folder, volume, {
    inputs: [{ id: 'source', sha256: volume.sourceSha256 }],
    configuration: { name },
  });
}
