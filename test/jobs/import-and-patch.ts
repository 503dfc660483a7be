// Imports a folder into a study and takes patches; killed at any moment and started again by kill.test.ts.
import { importVolumes } from '../../main/jobs/import.ts';
import { makePatches } from '../../main/jobs/patches.ts';
import { openStudy } from '../../main/study/index.ts';

const [folder = '', data = ''] = process.argv.slice(2);
const study = await openStudy(folder);
process.stdout.write('ready');
await importVolumes(study, [data], { threads: 2 });
await makePatches(study, { seed: 1 });
study.close();
