import * as tf from '@tensorflow/tfjs-core';
import { readTensor } from '../compute/tensors.ts';
import type { Tensor4D } from '../compute/tensors.ts';
import { IsochromatError } from '../domain/errors.ts';
import { betweenParts } from '../domain/progress.ts';
import type { WorkContext } from '../domain/progress.ts';
import { Random } from '../domain/random.ts';
import type { SamplingSettings } from '../models/presets.ts';
import { withLoaded } from '../models/trained.ts';
import type { Autoencoder, Flow } from '../models/trained.ts';
import { decodePatches } from './decode.ts';
import { guidedVelocity } from './guidance.ts';
import { SAMPLERS } from './samplers.ts';
import { timeGrid } from './time-grid.ts';

/** One synthetic patch to be made. */
export interface SampleRequest {
  /** Index into SEQUENCES. */
  readonly sequence: number;
  /** Index into CONDITION_CLASSES; 0 (`unknown`) for a stage-1 flow. */
  readonly tissue: number;
  /** The sample's own seed: the same request gives the same patch in whatever batch. */
  readonly seed: number | string;
}

export interface GenerationSettings extends Pick<SamplingSettings, 'method' | 'steps' | 'timeShift'> {
  /** Guidance scale w. */
  readonly guidance: number;
  readonly batchSize?: number;
}

/** What a preset samples with, save for what was asked for otherwise. */
export function generationSettings(
  { method, steps, timeShift, guidance }: SamplingSettings,
  stage: 1 | 2,
  asked: { method?: SamplingSettings['method']; steps?: number; guidance?: number } = {},
): GenerationSettings {
  return {
    method: asked.method ?? method,
    steps: asked.steps ?? steps,
    timeShift,
    guidance: asked.guidance ?? (stage === 1 ? guidance.stage1 : guidance.stage2),
  };
}

export interface GeneratedPatches {
  /** Standardised, as the flow made them, `[n, size, size, channels]`. */
  readonly latents: Float32Array;
  readonly latentSize: number;
  readonly latentChannels: number;
  /** Complex, `[n, patchSize, patchSize, 2]`. */
  readonly patches: Float32Array;
  readonly patchSize: number;
}

const DEFAULT_BATCH = 32;

/** Latents for each request: integrates the flow from the noise of each request's seed. `[n, size, size, channels]`, standardised. */
export async function generateLatents(
  flow: Flow,
  requests: readonly SampleRequest[],
  settings: GenerationSettings,
  context: WorkContext = {},
): Promise<Float32Array> {
  const { latentSize, latentChannels } = flow.description.architecture;
  requireGuidance(settings.guidance);
  const length = latentSize * latentSize * latentChannels;
  const out = new Float32Array(requests.length * length);
  const batchSize = settings.batchSize ?? DEFAULT_BATCH;
  const report = (done: number): void => {
    context.onProgress?.({ stage: 'Generating', done, total: requests.length });
  };
  await withLoaded(flow.weights, async (parameters) => {
    const times = timeGrid(settings.steps, settings.timeShift);
    for (let start = 0; start < requests.length; start += batchSize) {
      const batch = requests.slice(start, start + batchSize);
      const conditions = { sequence: batch.map((r) => r.sequence), tissue: batch.map((r) => r.tissue) };
      const guided = guidedVelocity(flow.description, parameters, conditions, settings.guidance);
      const noise = tf.tensor4d(noiseOf(batch, length), [batch.length, latentSize, latentSize, latentChannels]);
      const onStep = async (done: number): Promise<void> => {
        await betweenParts(context, 'Generation');
        report(start + (batch.length * done) / settings.steps);
      };
      try {
        const sampled = (await SAMPLERS[settings.method](guided, noise, times, onStep)) as Tensor4D;
        out.set(await readTensor(sampled), start * length);
        sampled.dispose();
      } finally {
        noise.dispose();
      }
      report(start + batch.length);
    }
  });
  requireFinite(out);
  return out;
}

/**
 * Synthetic complex patches. With `phaseReference: 'patch'` each gets a uniform random phase from its own seed, in place of the
 * mean phase that was removed from every training patch.
 */
export async function generatePatches(
  flow: Flow,
  autoencoder: Autoencoder,
  requests: readonly SampleRequest[],
  settings: GenerationSettings,
  context: WorkContext = {},
): Promise<GeneratedPatches> {
  requireSameFamily(flow, autoencoder);
  const latents = await generateLatents(flow, requests, settings, context);
  const phases = Float32Array.from(requests, ({ seed }) =>
    flow.description.phaseReference === 'patch' ? Random.for(seed, 'phase').uniform(-Math.PI, Math.PI) : 0,
  );
  const sequence = requests.map((request) => request.sequence);
  const { standardisation, architecture } = flow.description;
  const patches = await decodePatches(autoencoder, { latents, standardisation, sequence, phases }, context);
  const { latentSize, latentChannels } = architecture;
  return { latents, latentSize, latentChannels, patches, patchSize: autoencoder.description.patchSize };
}

function noiseOf(requests: readonly SampleRequest[], length: number): Float32Array {
  const noise = new Float32Array(requests.length * length);
  requests.forEach(({ seed }, i) => noise.set(Random.for(seed, 'noise').normals(length), i * length));
  return noise;
}

function requireGuidance(scale: number): void {
  if (Number.isFinite(scale) && scale >= 0) return;
  throw new IsochromatError({
    code: 'guidance-scale',
    sentence: 'This guidance scale cannot be used.',
    expected: 'a number of at least 0 (1 = no guidance)',
    found: String(scale),
  });
}

function requireFinite(values: Float32Array): void {
  if (values.every(Number.isFinite)) return;
  throw new IsochromatError({
    code: 'generation-diverged',
    sentence: 'The flow produced values that are not numbers.',
    remedy: 'Train it longer, or lower the guidance scale.',
  });
}

function requireSameFamily(flow: Flow, autoencoder: Autoencoder): void {
  const { architecture, phaseReference } = flow.description;
  const { patchSize, architecture: own, phaseReference: ownReference } = autoencoder.description;
  const wanted = `latents ${architecture.latentSize} × ${architecture.latentSize} × ${architecture.latentChannels}, phase by ${phaseReference}`;
  const size = patchSize / 2 ** (own.channels.length - 1);
  const given = `latents ${size} × ${size} × ${own.latentChannels}, phase by ${ownReference}`;
  if (wanted === given) return;
  throw new IsochromatError({
    code: 'flow-and-autoencoder-differ',
    sentence: 'This flow was not trained on latents of this autoencoder.',
    expected: wanted,
    found: given,
    remedy: 'Choose the autoencoder whose latents the flow was trained on.',
  });
}
