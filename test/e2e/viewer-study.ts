import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotate } from '../../main/jobs/annotate.ts';
import { importVolumes } from '../../main/jobs/import.ts';
import { makePatches } from '../../main/jobs/patches.ts';
import { writePhantomDataset } from '../../main/jobs/phantom.ts';
import { createStudy, openStudy } from '../../main/study/index.ts';
import { dataFile } from '../data.ts';

/**
 * A study with a few phantom volumes, real k-space with its table of boxes, and a patch set.
 * @returns its folder, and the ids of the phantom's volumes by name and of the real one: in which order they are listed says nothing
 */
export async function viewerStudy(): Promise<{ folder: string; phantoms: string[]; real: string }> {
  const home = await mkdtemp(join(tmpdir(), 'isochromat-viewer-'));
  const [folder, phantom] = [join(home, 'study'), join(home, 'phantom')];
  const options = { volumes: 4, slices: 5, size: 128, coils: 4, seed: 1, unlabeledShare: 0.25 };
  await writePhantomDataset(options, phantom, {}, 1);
  const study = await createStudy(folder, { name: 'Viewer test' });
  try {
    await importVolumes(study, [phantom, dataFile('fastmri_layout', 'file_brain_AXT1_900_9000001.h5')]);
    await annotate(study, join(phantom, 'annotations.csv'));
    const volumes = study.volumes.list().sort((a, b) => (a.name < b.name ? -1 : 1));
    const phantoms = volumes.filter(({ originalRows }) => originalRows === options.size).map(({ id }) => id);
    const real = volumes.find(({ originalRows }) => originalRows === 230)!.id;
    await annotate(study, dataFile('fastmri_layout', 'annotations_for_samples.csv'));
    await makePatches(study, { seed: 1 });
    return { folder, phantoms, real };
  } finally {
    study.close();
  }
}

/**
 * A study of phantom volumes alone, which is quicker to make.
 * @returns its folder, and the ids of its volumes by name
 */
export async function phantomStudy(kind: {
  volumes: number;
  slices: number;
  size: number;
  coils: number;
}): Promise<{ folder: string; phantoms: string[] }> {
  const home = await mkdtemp(join(tmpdir(), 'isochromat-viewer-'));
  const [folder, phantom] = [join(home, 'study'), join(home, 'phantom')];
  await writePhantomDataset({ ...kind, seed: 1, unlabeledShare: 0.25 }, phantom, {}, 1);
  const study = await createStudy(folder, { name: 'Viewer test' });
  try {
    await importVolumes(study, [phantom]);
    const volumes = study.volumes.list().sort((a, b) => (a.name < b.name ? -1 : 1));
    return { folder, phantoms: volumes.map(({ id }) => id) };
  } finally {
    study.close();
  }
}

/** Takes a table of fastMRI+ into a study that an engine has open too. */
export async function annotateBeside(folder: string, table: string): Promise<void> {
  const study = await openStudy(folder);
  try {
    await annotate(study, table);
  } finally {
    study.close();
  }
}

/** Takes a patch set from a study. */
export async function takePatches(folder: string): Promise<void> {
  const study = await openStudy(folder);
  try {
    await makePatches(study, { seed: 1 });
  } finally {
    study.close();
  }
}
