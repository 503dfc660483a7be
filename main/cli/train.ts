import type { Command } from 'commander';
import { IsochromatError } from '../domain/errors.ts';
import { requirePatchSet } from '../jobs/patch-data.ts';
import type { TrainingRequest } from '../jobs/run-training.ts';
import { TRAINERS } from '../jobs/train.ts';
import type { ModelKind } from '../jobs/trained-models.ts';
import { PRESET_NAMES } from '../models/presets.ts';
import type { PresetName } from '../models/presets.ts';
import { onBackend, withBackend } from './backend-option.ts';
import { action, command, decimal, oneOf, wholeNumber } from './command.ts';
import { inStudy } from './in-study.ts';

interface TrainOptions {
  preset: PresetName;
  steps?: number;
  minutes?: number;
  seed: number;
  backend?: string;
  resume?: string;
  autoencoder?: string;
  flow?: string;
}

/** `train autoencoder|flow|finetune|classifier STUDY` */
export function trainCommand(): Command {
  const kinds = Object.keys(TRAINERS) as ModelKind[];
  return withBackend(command('train', 'train one model on the patches of a study'))
    .argument('<model>', kinds.join(', '), oneOf(kinds))
    .argument('<study>', 'folder of the study')
    .option('--preset <name>', PRESET_NAMES.join(', '), oneOf(PRESET_NAMES), 'demo')
    .option('--steps <n>', 'number of steps, instead of the preset’s', wholeNumber(1))
    .option('--minutes <n>', 'time, instead of a number of steps', decimal(0.01))
    .option('--seed <n>', 'seed of everything random', wholeNumber(0), 1)
    .option('--autoencoder <run>', 'run whose latents a flow learns (default: the newest)')
    .option('--flow <run>', 'run that fine-tuning starts from (default: the newest)')
    .option('--resume <run>', 'go on with a run that ended early, with its own settings')
    .action(
      action<TrainOptions>(async ([kind, folder], options, context) => {
        const budget = budgetOf(options);
        const work = await onBackend(options, context);
        return inStudy(folder!, {}, async (study) => {
          const request: TrainingRequest =
            options.resume === undefined
              ? {
                  preset: options.preset,
                  seed: options.seed,
                  patchSet: requirePatchSet(study).id,
                  ...budget,
                  ...(options.autoencoder === undefined ? {} : { autoencoder: options.autoencoder }),
                  ...(options.flow === undefined ? {} : { flow: options.flow }),
                }
              : (study.runs.get(options.resume).config as TrainingRequest);
          const { run } = await TRAINERS[kind as ModelKind](study, request, work, options.resume);
          return { value: run, text: `${run.id} ${run.status}: ${JSON.stringify(run.summary)}` };
        });
      }),
    );
}

function budgetOf({ steps, minutes }: TrainOptions): Pick<TrainingRequest, 'budget'> {
  if (steps !== undefined && minutes !== undefined) {
    throw new IsochromatError({ code: 'usage', sentence: 'Give --steps or --minutes, not both.' });
  }
  if (steps !== undefined) return { budget: { steps } };
  return minutes === undefined ? {} : { budget: { seconds: 60 * minutes } };
}
