import { SEQUENCES } from '../domain/sequences.ts';
import type { Item } from '../evaluation/classification-task.ts';
import { evaluateDownstream, matchedRealAndSynthetic } from '../evaluation/downstream.ts';
import type { DownstreamResult } from '../evaluation/downstream.ts';
import type { Preset } from '../models/presets.ts';
import type { Experiment, Study } from '../study/index.ts';
import { generationSettings } from '../synthesis/generate.ts';
import { concatenatedInputs, patchInputs } from '../training/classifier-inputs.ts';
import { patchesInMemory } from '../training/dataset.ts';
import { experimentClassifiers } from './experiment-classifiers.ts';
import { realItems, syntheticItems } from './experiment-items.ts';
import { generateJob, requestItems } from './generate.ts';
import { openModelPatches } from './patch-data.ts';
import type { ModelPatches } from './patch-data.ts';
import { loadFlow } from './trained-models.ts';
import type { ModelWork } from './work.ts';

export interface DownstreamRequest {
  patchSet: string;
  /** The second-stage flow's run. */
  flow?: string;
  seeds: readonly number[];
  /** Guidance scale of the synthetic patches; the preset's where not given. */
  guidance?: number;
  /** At most this many synthetic patches of a sequence and class. Default: as many as real ones. */
  most?: number;
  seed: number;
}

const LABELLED = ['normal', 'abnormal'] as const;

/**
 * Can synthetic patches replace real ones? Normal-against-abnormal classifiers trained on real patches only and on as many synthetic
 * ones of the same classes and sequences, judged on held-out real patches.
 */
export async function evaluateDownstreamJob(
  study: Study,
  preset: Preset,
  request: DownstreamRequest,
  work: ModelWork,
): Promise<Experiment<DownstreamResult>> {
  const flow = await loadFlow(study, 'finetune', request.flow);
  const real: ModelPatches[] = [];
  try {
    for (const split of ['train', 'validation', 'test'] as const) {
      real.push(await openModelPatches(study, request.patchSet, split, preset.patchSize, LABELLED));
    }
    let firstKey = 0;
    const [training, validation, test] = real.map((dataset) => {
      const items = realItems(dataset, firstKey);
      firstKey += dataset.count;
      return items;
    }) as [Item[], Item[], Item[]];

    const wanted = SEQUENCES.flatMap((sequence) =>
      LABELLED.flatMap((condition) => {
        const abnormal = condition === 'abnormal' ? 1 : 0;
        const real = training.filter((item) => item.sequence === sequence && item.abnormal === abnormal).length;
        return requestItems(sequence, condition, Math.min(real, request.most ?? real), `${request.seed}:downstream`);
      }),
    );
    const asked = request.guidance === undefined ? {} : { guidance: request.guidance };
    const settings = generationSettings(preset.sampling, 2, asked);
    const generation = { run: flow.run, stage: 2 as const, settings, purpose: 'downstream', items: wanted };
    const { set, generated } = await generateJob(study, generation, work);

    const synthetic = syntheticItems(wanted, firstKey);
    const labels = {
      sequence: new Uint8Array(wanted.length),
      tissue: new Uint8Array(wanted.length),
      volume: wanted.map(() => ''),
    };
    const made = patchesInMemory(generated.patches, generated.patchSize, labels);
    const pool = concatenatedInputs([...real, made].map((dataset) => patchInputs(dataset, preset.phaseReference)));
    const sets = matchedRealAndSynthetic(training, synthetic, request.seed);
    const design = { sets, validation, test, seeds: request.seeds, designSeed: request.seed };
    const result = await evaluateDownstream(design, experimentClassifiers(preset.patchClassifier, pool), work);
    const inputs = [request.patchSet, flow.checkpoint, set.id];
    return study.experiments.add({
      kind: 'downstream',
      inputs,
      configuration: request,
      result,
      seed: request.seed,
      ...work.on,
    });
  } finally {
    for (const dataset of real) dataset.close();
  }
}
