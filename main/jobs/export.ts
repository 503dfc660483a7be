import { constants, existsSync } from 'node:fs';
import { copyFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import { betweenParts } from '../domain/progress.ts';
import type { WorkContext } from '../domain/progress.ts';
import { makeFolder } from '../formats/make-folder.ts';
import type { Study } from '../study/index.ts';

export interface ExportReport {
  /** Ids of what was copied. */
  items: string[];
  files: number;
  bytes: number;
}

/**
 * Copies items of a study, each to a folder of its own inside `folder`: its files, `provenance.json`, and for patches
 * `patches.csv`, which says what each row of the arrays is. A folder appears whole or not at all.
 * @throws IsochromatError `no-such-item`, `export-exists`, `cancelled` (whole folders stay)
 */
export async function exportItems(
  study: Study,
  ids: readonly string[],
  folder: string,
  context: WorkContext = {},
): Promise<ExportReport> {
  const wanted = [...new Set(ids)].map((id) => ({ id, path: pathOf(study, id), files: study.items.files(id) }));
  for (const { id } of wanted) refuseExisting(join(folder, folderName(id)));
  const total = wanted.reduce((sum, { files }) => sum + files.reduce((bytes, file) => bytes + file.bytes, 0), 0);
  const report: ExportReport = { items: [], files: 0, bytes: 0 };
  for (const { id, path, files } of wanted) {
    const target = join(folder, folderName(id));
    const partial = `${target}.partial`;
    await rm(partial, { recursive: true, force: true });
    try {
      makeFolder(partial);
      for (const file of files) {
        await betweenParts(context, 'The export');
        const inside = file.path.startsWith(`${path}/`)
          ? file.path.slice(path.length + 1)
          : file.path.split('/').at(-1)!;
        const copy = join(partial, ...inside.split('/'));
        makeFolder(dirname(copy));
        await copyFile(study.layout.at(file.path), copy, constants.COPYFILE_EXCL);
        report.files += 1;
        report.bytes += file.bytes;
        context.onProgress?.({ stage: 'Exporting', done: report.bytes, total });
      }
      await writeFile(join(partial, 'provenance.json'), `${JSON.stringify(study.provenance(id), null, 2)}\n`);
      const table = tableOf(study, id);
      if (table !== undefined) await writeFile(join(partial, 'patches.csv'), table);
      await rename(partial, target);
      report.items.push(id);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }
  return report;
}

/** Where the files of a living item lie; empty for one without. */
function pathOf(study: Study, id: string): string {
  // Throws where there is no such item.
  study.provenance(id);
  const row = study.catalogue.one<{ path: string | null }>('SELECT path FROM items WHERE id = ?', id);
  return row?.path ?? '';
}

/** Ids of checkpoints have a slash in them. */
function folderName(id: string): string {
  return id.replaceAll('/', '-');
}

/** What each row of an item's arrays is; undefined for items that hold no patches. */
function tableOf(study: Study, id: string): string | undefined {
  if (study.patchSets.list().some((set) => set.id === id)) {
    const head = 'split,position,volume,slice,top,left,class,sequence';
    const rows = study.patchSets
      .patches(id)
      .map((p) => [p.split, p.position, p.volume, p.slice, p.top, p.left, p.tissueClass, p.sequence].join(','));
    return `${[head, ...rows].join('\n')}\n`;
  }
  if (study.synthetic.list().some((set) => set.id === id)) {
    const rows = study.synthetic
      .patches(id)
      .map(({ sequence, condition, seed }, position) => [position, sequence, condition, seed].join(','));
    return `${['position,sequence,condition,seed', ...rows].join('\n')}\n`;
  }
  return undefined;
}

function refuseExisting(target: string): void {
  if (!existsSync(target)) return;
  throw new IsochromatError({
    code: 'export-exists',
    sentence: 'Something of this name is in the folder already, and nothing is overwritten.',
    subject: target,
    remedy: 'Choose another folder, or remove what is there.',
  });
}
