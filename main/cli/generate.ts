import type { Command } from 'commander';
import { SEQUENCES } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import { CONDITION_CLASSES } from '../domain/tissue.ts';
import type { ConditionClass } from '../domain/tissue.ts';
import { generateJob, requestItems } from '../jobs/generate.ts';
import type { TrainingRequest } from '../jobs/run-training.ts';
import { loadFlow } from '../jobs/trained-models.ts';
import { presetNamed } from '../models/presets.ts';
import { generationSettings } from '../synthesis/generate.ts';
import { onBackend, withBackend } from './backend-option.ts';
import { action, command, decimal, oneOf, wholeNumber } from './command.ts';
import { inStudy } from './in-study.ts';

interface GenerateOptions {
  run?: string;
  sequence: Sequence;
  label: ConditionClass;
  count: number;
  guidance?: number;
  steps?: number;
  seed: number;
  backend?: string;
}

/** `generate STUDY --sequence S --label L --count N` */
export function generateCommand(): Command {
  return withBackend(command('generate', 'make synthetic patches'))
    .argument('<study>', 'folder of the study')
    .requiredOption('--sequence <name>', SEQUENCES.join(', '), oneOf(SEQUENCES))
    .option('--label <class>', CONDITION_CLASSES.join(', '), oneOf(CONDITION_CLASSES), 'unknown')
    .option('--count <n>', 'number of patches', wholeNumber(1, 1_000_000), 16)
    .option('--guidance <w>', 'guidance scale of the label; 1 = none (default: the preset’s)', decimal(0))
    .option('--steps <n>', 'steps of the sampler (default: the preset’s)', wholeNumber(1, 1000))
    .option('--seed <n>', 'seed; the same seed makes the same patches', wholeNumber(0), 1)
    .option('--run <run>', 'run of the flow (default: the newest of the second stage)')
    .action(
      action<GenerateOptions>(async ([folder], options, context) => {
        const work = await onBackend(options, context);
        return inStudy(folder!, {}, async (study) => {
          const stage = options.run !== undefined && study.runs.get(options.run).kind === 'flow' ? 1 : 2;
          const flow = await loadFlow(study, stage === 1 ? 'flow' : 'finetune', options.run);
          const { sampling } = presetNamed((study.runs.get(flow.run).config as TrainingRequest).preset);
          const settings = generationSettings(sampling, stage, {
            ...(options.steps === undefined ? {} : { steps: options.steps }),
            ...(options.guidance === undefined ? {} : { guidance: options.guidance }),
          });
          const items = requestItems(options.sequence, options.label, options.count, options.seed);
          const request = { run: flow.run, stage, settings, purpose: 'generate', items } as const;
          const { set } = await generateJob(study, request, work);
          return { value: set, text: `${options.count} patches in ${set.folder}` };
        });
      }),
    );
}
