import { join } from 'node:path';
import { writeFileAtomically } from '../formats/atomic-file.ts';
import { makeFolder } from '../formats/make-folder.ts';
import { renderReport } from '../report/render.ts';
import type { StageCost } from '../report/report-data.ts';
import type { Study } from '../study/index.ts';
import { gatherReport } from './gather-report.ts';
import type { ModelWork } from './work.ts';

/** Writes `report.html` of a study into a folder: one file that needs no other. */
export async function reportJob(
  study: Study,
  { folder, generated, stages }: { folder: string; generated: Date; stages?: StageCost[] },
  work: ModelWork,
): Promise<{ file: string }> {
  makeFolder(folder);
  const file = join(folder, 'report.html');
  const data = await gatherReport(study, { generated, ...(stages === undefined ? {} : { stages }) }, work);
  await writeFileAtomically(file, async (handle) => {
    await handle.writeFile(renderReport(data));
  });
  return { file };
}
