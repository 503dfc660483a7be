// K-space of a phantom → study → patches, by the code of any version of this repository. Prints seconds of each stage as JSON.
//   node patches-process.ts ROOT FOLDER VOLUMES
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [root, folder, volumes] = process.argv.slice(2) as [string, string, string];

// Versions differ in names and types, so that nothing is known of these modules but what is called here.
type Module = Record<string, (...args: unknown[]) => Promise<unknown>>;
const load = async (path: string): Promise<Module> => (await import(pathToFileURL(join(root, path)).href)) as Module;

const seconds: Record<string, number> = {};
async function timed<T>(stage: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  seconds[stage] = (performance.now() - started) / 1000;
  return result;
}

const { writePhantomDataset } = await load('main/jobs/phantom.ts');
const imports = await load('main/jobs/import.ts');
const { annotate } = await load('main/jobs/annotate.ts');
const { makePatches } = await load('main/jobs/patches.ts');
const { createStudy } = await load('main/study/index.ts');

const phantom = join(folder, 'phantom');
const options = { volumes: Number(volumes), slices: 4, size: 320, coils: 8, seed: 1, unlabeledShare: 0.4 };
await timed('phantom', () => writePhantomDataset!(options, phantom));
const study = (await createStudy!(join(folder, 'study'), { name: 'Benchmark' })) as { close: () => void };
const importVolumes = imports['importVolumes'] ?? imports['importFastMri']!;
await timed('import', () => importVolumes(study, [phantom]));
await timed('patches', async () => {
  await annotate!(study, join(phantom, 'annotations.csv'), { fileList: join(phantom, 'reviewed_files.csv') });
  return makePatches!(study, { seed: 1 });
});
study.close();
process.stdout.write(`${JSON.stringify(seconds)}\n`);
process.exit(0);
