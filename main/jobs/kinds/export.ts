import { exportItems } from '../export.ts';
import { counted } from './device.ts';
import type { JobRunner } from './runner.ts';

export const runExport: JobRunner<'export'> = async (study, { parameters }, context) => {
  const { items, files, bytes } = await exportItems(study, parameters.items, parameters.folder, context);
  return {
    outcome: {
      summary: `${counted(items.length, 'item')} exported: ${counted(files, 'file')}, ${(bytes / 1e6).toFixed(1)} MB.`,
      // Nothing new is in the study.
      items: [],
      details: { items, files, bytes },
    },
    privately: { folder: parameters.folder },
  };
};
