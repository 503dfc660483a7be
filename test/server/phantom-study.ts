import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotate } from '../../main/jobs/annotate.ts';
import { importVolumes } from '../../main/jobs/import.ts';
import { makePatches } from '../../main/jobs/patches.ts';
import { writePhantomDataset } from '../../main/jobs/phantom.ts';
import { createStudy } from '../../main/study/index.ts';

/** A phantom data set and a study with its volumes, annotations and patches. */
export interface PhantomStudy {
  /** The data set's `.h5` files and tables. */
  data: string;
  study: string;
  remove(): void;
}

/** Makes a small data set; with `study`, imports it too. */
export async function phantomStudy(options: { volumes?: number; slices?: number } = {}): Promise<PhantomStudy> {
  const { volumes = 6, slices = 3 } = options;
  const root = mkdtempSync(join(tmpdir(), 'isochromat-phantom-'));
  const data = join(root, 'data');
  await writePhantomDataset({ volumes, slices, size: 128, coils: 2, seed: 5, unlabeledShare: 0.2 }, data);
  const study = await createStudy(join(root, 'study'), { name: 'Phantom' });
  await importVolumes(study, [data], { site: 'Phantom' });
  await annotate(study, join(data, 'annotations.csv'), { fileList: join(data, 'reviewed_files.csv') });
  await makePatches(study, { seed: 1 });
  study.close();
  return { data, study: join(root, 'study'), remove: () => rmSync(root, { recursive: true, force: true }) };
}
