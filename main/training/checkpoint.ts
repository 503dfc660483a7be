import { IsochromatError } from '../domain/errors.ts';
import type { Weights } from '../models/parameters.ts';
import type { ModelDescription, TrainedModel } from '../models/trained.ts';
import type { PlanState } from './budget.ts';
import type { NetworkState } from './trainable-network.ts';

/** Where a run stood, beside its arrays. The order of the data and every random draw follow from `seed` and `step`. */
export interface RunState {
  seed: number | string;
  /** Steps done, skipped ones included. */
  step: number;
  /** Phase of the run: which parameters learn. */
  phase: number;
  /** Updates made in this phase; Adam's bias correction and the warm-up of the average count them. */
  updates: number;
  skipped: number;
  plan: PlanState;
}

/** Everything that a run needs to go on exactly, and everything that is needed to use its model. */
export interface TrainingCheckpoint extends NetworkState {
  description: ModelDescription;
  state: RunState;
}

const PARTS = { network: 'network', ema: 'ema', firstMoment: 'moment1', secondMoment: 'moment2' } as const;
type Part = keyof typeof PARTS;
type NamedArray = Weights extends ReadonlyMap<string, infer A> ? A : never;

const VERSION = '1';

/** A checkpoint as safetensors hold it: named arrays and text. */
export interface CheckpointFile {
  tensors: Map<string, NamedArray>;
  metadata: Record<string, string>;
}

export function encodeCheckpoint(checkpoint: TrainingCheckpoint): CheckpointFile {
  const tensors = new Map<string, NamedArray>();
  for (const [part, prefix] of Object.entries(PARTS)) {
    for (const [name, array] of checkpoint[part as Part]) tensors.set(`${prefix}.${name}`, array);
  }
  return {
    tensors,
    metadata: {
      format: 'isochromat-checkpoint',
      version: VERSION,
      description: JSON.stringify(checkpoint.description),
      state: JSON.stringify(checkpoint.state),
    },
  };
}

/** @throws IsochromatError `checkpoint-unreadable` when the file is not one of ours or not whole */
export function decodeCheckpoint({ tensors, metadata }: CheckpointFile, subject: string): TrainingCheckpoint {
  if (metadata['format'] !== 'isochromat-checkpoint' || metadata['version'] !== VERSION) {
    throw unreadable(subject, `${metadata['format'] ?? 'no format'}, version ${metadata['version'] ?? 'none'}`);
  }
  const parts = Object.fromEntries(
    Object.entries(PARTS).map(([part, prefix]) => [
      part,
      new Map(
        [...tensors]
          .filter(([name]) => name.startsWith(`${prefix}.`))
          .map(([name, array]) => [name.slice(prefix.length + 1), array]),
      ),
    ]),
  ) as unknown as Record<Part, Map<string, NamedArray>>;
  if (parts.network.size === 0 || parts.ema.size !== parts.network.size) {
    throw unreadable(subject, `${parts.network.size} parameters and ${parts.ema.size} averages`);
  }
  try {
    return {
      description: JSON.parse(metadata['description'] ?? '') as ModelDescription,
      state: JSON.parse(metadata['state'] ?? '') as RunState,
      ...parts,
    };
  } catch (cause) {
    throw unreadable(subject, 'a description that is not JSON', cause);
  }
}

/** The model of a checkpoint: its moving average, or the last step's weights. */
export function modelOf(checkpoint: TrainingCheckpoint, weights: 'ema' | 'network' = 'ema'): TrainedModel {
  return { description: checkpoint.description, weights: checkpoint[weights] };
}

/** @throws IsochromatError `checkpoint-of-another-run` when a checkpoint cannot be gone on from with this configuration */
export function requireSameRun(
  checkpoint: TrainingCheckpoint,
  description: ModelDescription,
  seed: number | string,
): void {
  const wanted = JSON.stringify({ description, seed: String(seed) });
  const given = JSON.stringify({ description: checkpoint.description, seed: String(checkpoint.state.seed) });
  if (wanted === given) return;
  throw new IsochromatError({
    code: 'checkpoint-of-another-run',
    sentence: 'This checkpoint belongs to a run with another configuration, data set or seed.',
    expected: wanted,
    found: given,
    remedy: 'Resume with the configuration of the run, or start a new one.',
  });
}

function unreadable(subject: string, found: string, cause?: unknown): IsochromatError {
  return new IsochromatError({
    code: 'checkpoint-unreadable',
    sentence: 'This is not a checkpoint that can be used.',
    subject,
    expected: `an Isochromat checkpoint, version ${VERSION}, with its parameters and averages`,
    found,
    cause,
  });
}
