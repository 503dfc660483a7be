import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { IsochromatError } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import { presetNamed } from '../models/presets.ts';
import type { Preset, TrainingBudget } from '../models/presets.ts';
import { ANNOTATIONS_FILE, FILE_LIST_FILE, planDataset } from '../phantom/index.ts';
import type { DatasetOptions } from '../phantom/index.ts';
import type { Study } from '../study/index.ts';
import { annotate } from './annotate.ts';
import { trainingBudgets, trainingSeconds } from './demo-plan.ts';
import type { DemoPlan } from './demo-plan.ts';
import { evaluateDownstreamJob } from './evaluate-downstream.ts';
import { evaluateRealismJob } from './evaluate-realism.ts';
import { evaluateReconstructionJob, evaluateVolumesJob } from './evaluate-reconstruction.ts';
import { importVolumes } from './import.ts';
import { makePatches } from './patches.ts';
import { writePhantomDataset } from './phantom.ts';
import { reportJob } from './report.ts';
import { trainingSummary } from './run-training.ts';
import type { TrainingRequest, TrainingSummary } from './run-training.ts';
import { scoreJob } from './score.ts';
import { Stages } from './stages.ts';
import { TRAINERS } from './train.ts';
import type { ModelKind } from './trained-models.ts';
import type { Device } from './work.ts';

export interface DemoRequest {
  plan: DemoPlan;
  /** Seconds for the whole demo. */
  seconds: number;
  /** Where the phantom's files and the report go. */
  phantomFolder: string;
  reportFolder: string;
  /** Real acquisitions to be treated with it, fastMRI HDF5. */
  include: readonly string[];
  /** The clock, for the time that stands in the report: that of its writing. */
  now: () => Date;
}

/**
 * The whole method on the embedded data set, k-space to report. Every stage keeps what it made in the study; stages that an
 * earlier, interrupted demo completed there are not done again.
 */
export async function demoJob(
  study: Study,
  request: DemoRequest,
  on: Device,
  outside: WorkContext,
): Promise<{ report: string }> {
  const { plan } = request;
  const context = timed(outside, request.seconds);
  const work = { ...context, on };
  const preset = demoPreset(plan);
  const stages = new Stages(context);
  await importIncluded(study, request.include, stages, context);
  await importPhantoms(study, request, stages, context);

  const set =
    study.patchSets.latest() ??
    (await stages.run('Patches', async () => {
      await makePatches(study, { seed: plan.seed, settings: plan.patches }, context);
      return study.patchSets.latest()!;
    }));

  const train = async (kind: ModelKind, name: string, budget: TrainingBudget): Promise<TrainingSummary | null> => {
    const finished = study.runs.latest({ kind });
    if (finished !== undefined) return trainingSummary(finished);
    const stopped = study.runs.list({ kind }).findLast((run) => study.checkpoints.latest(run.id) !== undefined);
    const fresh = { preset: preset.name, seed: plan.seed, patchSet: set.id, budget };
    const asked = stopped === undefined ? fresh : (stopped.config as TrainingRequest);
    return stages.run(
      name,
      async () => trainingSummary((await TRAINERS[kind](study, asked, work, stopped?.id)).run),
      (summary) =>
        summary === null
          ? ''
          : `${summary.step.toLocaleString('en-US')} steps, ${Math.round(summary.imagesPerSecond)} patches/s`,
    );
  };
  // The classifier's steps are counted, and the others' are timed: trained first, it tells how fast this machine is today, and so how
  // much time there is for the others.
  const classifier = await train('classifier', 'Patch classifier', { steps: plan.classifierSteps });
  const budgets = trainingBudgets(trainingSeconds(plan, request.seconds, stages.elapsed, classifier?.seconds));
  await train('autoencoder', 'Autoencoder', budgets.autoencoder);
  await train('flow', 'Flow, stage 1', budgets.flow);
  await train('finetune', 'Flow, stage 2', budgets.finetune);

  const done = (kind: string): boolean => study.experiments.list().some((experiment) => experiment.kind === kind);
  const { seed, realismSeeds, downstreamSeeds } = plan;
  if (!done('reconstruction')) {
    await stages.run('Reconstruction metrics', () => evaluateReconstructionJob(study, { patchSet: set.id }, work));
  }
  if (request.include.length > 0) {
    await stages.run('Included acquisitions', () => evaluateVolumesJob(study, { site: INCLUDED }, work));
  }
  if (!done('realism')) {
    const most = plan.realismPatches;
    const realism = { patchSet: set.id, seeds: realismSeeds, testSets: 1, classifiers: 'shared', most, seed } as const;
    await stages.run('Realism', () => evaluateRealismJob(study, preset, realism, work));
  }
  if (!done('downstream')) {
    const downstream = { patchSet: set.id, seeds: downstreamSeeds, most: plan.downstreamPatches, seed };
    await stages.run('Downstream', () => evaluateDownstreamJob(study, preset, downstream, work));
  }
  await stages.run('Volume scores', async () => {
    await scoreJob(study, { volumes: { testOf: set.id } }, work);
    return scoreJob(study, { volumes: 'external' }, work);
  });
  const { file } = await reportJob(
    study,
    { folder: request.reportFolder, generated: request.now(), stages: stages.costs },
    work,
  );
  return { report: file };
}

/** The demo is given a time, and plans to take it: how much of it is over says how far it is. */
function timed(context: WorkContext, seconds: number): WorkContext {
  const { onProgress } = context;
  if (onProgress === undefined) return context;
  const begin = performance.now();
  return {
    ...context,
    onProgress(update) {
      const secondsLeft = seconds - (performance.now() - begin) / 1000;
      // Beyond its time it says what is known of the stage.
      const whole = secondsLeft > 0 ? { whole: { share: 1 - secondsLeft / seconds, secondsLeft } } : {};
      onProgress({ ...update, ...whole });
    },
  };
}

const INCLUDED = 'included';

async function importPhantoms(study: Study, request: DemoRequest, stages: Stages, context: WorkContext): Promise<void> {
  const { plan, phantomFolder } = request;
  // Coils of the second site are kept to be looked at; those of the first would be half a gigabyte.
  const sites = [
    {
      name: 'Phantom',
      folder: phantomFolder,
      options: plan.phantom,
      purpose: 'training',
      site: 'phantom A',
      coilSlices: 'none',
    },
    {
      name: 'External phantom',
      folder: join(phantomFolder, 'external'),
      options: plan.external,
      purpose: 'external',
      site: 'phantom B',
      coilSlices: 'middle',
    },
  ] as const;
  for (const { name, folder, options, purpose, site, coilSlices } of sites) {
    const files = await stages.run(name, () => phantomFiles(options, folder, context));
    await stages.run(
      `${name}: reconstruction`,
      () => importVolumes(study, files, { purpose, site, coilSlices }, context),
      () => `${files.length} volumes`,
    );
    await annotate(study, join(folder, ANNOTATIONS_FILE), { fileList: join(folder, FILE_LIST_FILE) });
  }
}

/** Before everything else: one that cannot be used should not be found out about after minutes of work. */
async function importIncluded(
  study: Study,
  include: readonly string[],
  stages: Stages,
  context: WorkContext,
): Promise<void> {
  if (include.length === 0) return;
  const { failed, refused } = await stages.run('Included: reconstruction', () =>
    importVolumes(study, include, { purpose: 'external', site: INCLUDED }, context),
  );
  const [bad] = [
    ...refused,
    ...failed.map(({ path, error: { sentence, remedy } }) => ({ path, reason: [sentence, remedy].join(' ').trim() })),
  ];
  if (bad === undefined) return;
  throw new IsochromatError({
    code: 'included-unusable',
    sentence: 'This was to be included and cannot be used.',
    subject: bad.path,
    found: bad.reason.replace(/\.$/, ''),
    remedy: 'Look at it with "isochromat inspect", or leave it out.',
  });
}

/** Writes the data set, unless an earlier demo wrote it whole. */
async function phantomFiles(options: DatasetOptions, folder: string, context: WorkContext): Promise<string[]> {
  const files = planDataset(options).map(({ file }) => join(folder, `${file}.h5`));
  if (!existsSync(join(folder, ANNOTATIONS_FILE))) await writePhantomDataset(options, folder, context);
  return files.filter((file) => existsSync(file) && dirname(file) === folder);
}

/** The demo preset with classifiers of the plan's length. */
function demoPreset(plan: DemoPlan): Preset {
  const preset = presetNamed('demo');
  const asPlanned = <S extends Preset['patchClassifier']>(classifier: S): S => ({
    ...classifier,
    training: { ...classifier.training, budget: { steps: plan.classifierSteps } },
  });
  return {
    ...preset,
    latentClassifier: asPlanned(preset.latentClassifier),
    patchClassifier: asPlanned(preset.patchClassifier),
  };
}
