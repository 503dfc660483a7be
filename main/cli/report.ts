import type { Command } from 'commander';
import { reportJob } from '../jobs/report.ts';
import { onBackend, withBackend } from './backend-option.ts';
import { action, command } from './command.ts';
import { inStudy } from './in-study.ts';

/** `report STUDY --out DIR` */
export function reportCommand(): Command {
  return withBackend(command('report', 'write a report of all that a study holds, one HTML file'))
    .argument('<study>', 'folder of the study')
    .requiredOption('--out <dir>', 'folder to write report.html into')
    .action(
      action<{ out: string; backend?: string }>(async ([folder], options, context) => {
        const work = await onBackend(options, context);
        return inStudy(folder!, {}, async (study) => {
          const report = await reportJob(study, { folder: options.out, generated: new Date() }, work);
          return { value: report, text: report.file };
        });
      }),
    );
}
