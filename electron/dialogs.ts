import { dialog } from 'electron';
import type { BrowserWindow, FileFilter, OpenDialogOptions } from 'electron';
import * as z from 'zod/mini';
import type { ChoosePurpose, ChooseRequest } from './bridge.ts';

/** What the window may send; anything else is refused. */
export const chooseRequest: z.ZodMiniType<ChooseRequest> = z.strictObject({
  purpose: z.enum(['open-study', 'new-study', 'import', 'annotations', 'save']),
  suggestedName: z.exactOptional(z.string().check(z.maxLength(200))),
  files: z.exactOptional(z.boolean()),
});

const TABLES: FileFilter[] = [{ name: 'Tables', extensions: ['csv', 'tsv', 'json'] }];

const OPEN: Record<Exclude<ChoosePurpose, 'save'>, OpenDialogOptions> = {
  'open-study': { title: 'Open a study', buttonLabel: 'Open', properties: ['openDirectory'] },
  'new-study': {
    title: 'Choose a folder for the new study',
    buttonLabel: 'Create here',
    properties: ['openDirectory', 'createDirectory', 'promptToCreate'],
  },
  import: { title: 'Import a folder', buttonLabel: 'Import', properties: ['openDirectory', 'multiSelections'] },
  annotations: { title: 'Import annotations', buttonLabel: 'Open', properties: ['openFile'], filters: TABLES },
};

/** Shows the system's dialog over `window`. @returns the chosen paths; none when it was cancelled */
export async function choosePaths(window: BrowserWindow, request: ChooseRequest): Promise<string[]> {
  const { purpose, suggestedName, files = false } = request;
  if (purpose === 'save') {
    const options = suggestedName === undefined ? {} : { defaultPath: plainName(suggestedName) };
    const { canceled, filePath } = await dialog.showSaveDialog(window, options);
    return canceled || filePath === '' ? [] : [filePath];
  }
  const { canceled, filePaths } = await dialog.showOpenDialog(window, openOptions(purpose, files));
  return canceled ? [] : filePaths;
}

/** Only macOS can offer files and folders in one dialog. */
function openOptions(purpose: Exclude<ChoosePurpose, 'save'>, files: boolean): OpenDialogOptions {
  const options = OPEN[purpose];
  if (purpose !== 'import') return options;
  if (process.platform === 'darwin') {
    return {
      ...options,
      title: 'Import files or folders',
      properties: ['openFile', 'openDirectory', 'multiSelections'],
    };
  }
  return files ? { ...options, title: 'Import files', properties: ['openFile', 'multiSelections'] } : options;
}

/** A name and not a path: the dialog opens where the person left it. */
function plainName(name: string): string {
  return name.replaceAll(/[\\/:*?"<>|\u0000-\u001f]/g, '-').replace(/^\.+/, '');
}
