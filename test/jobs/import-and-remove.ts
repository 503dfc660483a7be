// Imports DICOM series, removes some and imports again, without end (or `once`), until it is killed. Run by kill.test.ts.
import { importVolumes } from '../../main/jobs/import.ts';
import { emptyTrash, openStudy } from '../../main/study/index.ts';

const [folder = '', data = '', how = ''] = process.argv.slice(2);
const study = await openStudy(folder);
process.stdout.write('ready');
for (;;) {
  await importVolumes(study, [data], { threads: 2 });
  if (how === 'once') break;
  for (const volume of study.volumes.list().filter((_, i) => i % 2 === 0)) study.remove(volume.id);
  emptyTrash(study);
}
study.close();
