import type { Command } from 'commander';
import { writeFileAtomically } from '../formats/atomic-file.ts';
import { requirePatchSet } from '../jobs/patch-data.ts';
import { scoreJob } from '../jobs/score.ts';
import type { ScoreOutcome } from '../jobs/score.ts';
import type { Study } from '../study/index.ts';
import { onBackend, withBackend } from './backend-option.ts';
import { action, command, oneOf } from './command.ts';
import { scoresText } from './evaluation-tables.ts';
import { inStudy } from './in-study.ts';

interface ScoreOptions {
  run?: string;
  volumes: 'external' | 'test';
  csv?: string;
  backend?: string;
}

/** `score STUDY [--run RUN] [--volumes external|test] [--csv FILE]` */
export function scoreCommand(): Command {
  return withBackend(command('score', 'score whole volumes: mean of the top 5 % of patch probabilities'))
    .argument('<study>', 'folder of the study')
    .option('--run <run>', 'run of the classifier (default: the newest)')
    .option(
      '--volumes <which>',
      'external, or the held-out test volumes',
      oneOf(['external', 'test'] as const),
      'external',
    )
    .option('--csv <file>', 'write the scores to this file too')
    .action(
      action<ScoreOptions>(async ([folder], options, context) => {
        const work = await onBackend(options, context);
        return inStudy(folder!, {}, async (study) => {
          const volumes = options.volumes === 'external' ? options.volumes : { testOf: requirePatchSet(study).id };
          const request = { volumes, ...(options.run === undefined ? {} : { run: options.run }) };
          const outcome = await scoreJob(study, request, work);
          if (options.csv !== undefined) await writeScores(options.csv, study, outcome);
          const refusals = outcome.refused.map(({ volume, error }) => `Not scored: ${volume}: ${error.sentence}`);
          const table = scoresText(outcome.result, (id) => study.volumes.get(id).name);
          return {
            value: {
              ...outcome.result,
              auroc: outcome.result.auroc?.auroc ?? null,
              interval: outcome.result.auroc?.interval ?? null,
              run: outcome.run,
              refused: outcome.refused,
            },
            text: [table, ...refusals, 'Research use only.'].join('\n'),
          };
        });
      }),
    );
}

/** `volume,sequence,score,patches,used,label` */
export async function writeScores(file: string, study: Study, { result }: ScoreOutcome): Promise<void> {
  const rows = result.volumes.map(({ id, score, patches, used, label }) => {
    const { name, sequence } = study.volumes.get(id);
    const quoted = /[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
    return [quoted, sequence, score, patches, used, label ?? ''].join(',');
  });
  await writeFileAtomically(file, async (handle) => {
    await handle.writeFile(`${['volume,sequence,score,patches,used,label', ...rows].join('\n')}\n`);
  });
}
