import type { Command } from 'commander';
import { evaluateDownstreamJob } from '../jobs/evaluate-downstream.ts';
import { evaluateRealismJob } from '../jobs/evaluate-realism.ts';
import { evaluateReconstructionJob } from '../jobs/evaluate-reconstruction.ts';
import { requirePatchSet } from '../jobs/patch-data.ts';
import { PRESET_NAMES, presetNamed } from '../models/presets.ts';
import type { PresetName } from '../models/presets.ts';
import { downstreamText, realismText, reconstructionText } from './evaluation-tables.ts';
import { onBackend, withBackend } from './backend-option.ts';
import { action, command, oneOf, wholeNumber } from './command.ts';
import type { Outcome } from './command.ts';
import { inStudy } from './in-study.ts';

const EXPERIMENTS = ['reconstruction', 'realism', 'downstream'] as const;

interface EvaluateOptions {
  preset: PresetName;
  seeds: number;
  testSets: number;
  seed: number;
  backend?: string;
}

/** `evaluate reconstruction|realism|downstream STUDY` */
export function evaluateCommand(): Command {
  return withBackend(command('evaluate', 'run one experiment'))
    .argument('<experiment>', EXPERIMENTS.join(', '), oneOf(EXPERIMENTS))
    .argument('<study>', 'folder of the study')
    .option('--preset <name>', PRESET_NAMES.join(', '), oneOf(PRESET_NAMES), 'demo')
    .option('--seeds <n>', 'classifiers trained for each question', wholeNumber(1, 100), 5)
    .option('--test-sets <n>', 'synthetic test sets of the realism experiment', wholeNumber(1, 100), 4)
    .option('--seed <n>', 'first seed', wholeNumber(0), 1)
    .action(
      action<EvaluateOptions>(async ([experiment, folder], options, context) => {
        const work = await onBackend(options, context);
        const preset = presetNamed(options.preset);
        const seeds = Array.from({ length: options.seeds }, (_, i) => options.seed + i);
        return inStudy(folder!, {}, async (study): Promise<Outcome> => {
          const patchSet = requirePatchSet(study).id;
          if (experiment === 'reconstruction') {
            const value = await evaluateReconstructionJob(study, { patchSet }, work);
            return { value, text: reconstructionText(value.result) };
          }
          if (experiment === 'realism') {
            const { testSets, seed } = options;
            const request = { patchSet, seeds, testSets, seed, classifiers: 'per-sequence' as const };
            const value = await evaluateRealismJob(study, preset, request, work);
            return { value, text: realismText(value.result) };
          }
          const value = await evaluateDownstreamJob(study, preset, { patchSet, seeds, seed: options.seed }, work);
          return { value, text: downstreamText(value.result) };
        });
      }),
    );
}
