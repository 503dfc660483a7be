import { openStudy } from '../study/index.ts';
import type { OpenOptions, Study } from '../study/index.ts';

/** Opens the study of a command, says what was put right when it was opened, and closes it whatever happens. */
export async function inStudy<T>(folder: string, options: OpenOptions, use: (study: Study) => Promise<T>): Promise<T> {
  const study = await openStudy(folder, options);
  const { interruptedRuns, movedToTrash, removed, missing } = study.recovery;
  if (removed.length > 0) process.stderr.write('Something that had not been written to its end was removed.\n');
  if (interruptedRuns.length > 0) {
    process.stderr.write(`Interrupted when the program last ended: ${interruptedRuns.join(', ')}. --resume goes on.\n`);
  }
  if (movedToTrash.length > 0) process.stderr.write(`Moved to the trash: ${movedToTrash.join(', ')}.\n`);
  if (missing.length > 0) {
    process.stderr.write(`Files are missing of: ${missing.join(', ')}. "isochromat study verify" says which.\n`);
  }
  try {
    return await use(study);
  } finally {
    study.close();
  }
}
