import { z } from 'zod';
import { SEQUENCES } from '../domain/sequences.ts';
import { CONDITION_CLASSES } from '../domain/tissue.ts';
import { PRESET_NAMES } from '../models/presets.ts';
import { DEFAULT_PATCH_SETTINGS } from '../patches/settings.ts';
import { COIL_SLICES } from '../recon/coil-data.ts';
import { DEMO_MINUTES } from './demo-plan.ts';

/**
 * Every kind of job and what it is told. Paths are absolute; whatever holds them is named in `PATH_FIELDS`, since they may hold
 * the names of people and are kept apart (`queue/private-paths.ts`). The work itself is in `kinds/`, which the engine never loads.
 */

const path = z.string().min(1).max(4096);
const paths = z.array(path).min(1).max(100_000);
const id = z.string().min(1).max(100);
const seed = z.int().nonnegative().default(1);
const count = z.int().min(0).max(10_000);
const share = z.number().min(0).max(1);
/** Compute on this backend rather than the best that works. */
const backend = z.string().max(40).optional();
const preset = z.enum(PRESET_NAMES).default('demo');
const sequence = z.enum(SEQUENCES);

/** The whole method on the embedded data set, within about these minutes. */
const demo = z.object({
  minutes: z.number().min(0.5).max(10_000).default(DEMO_MINUTES),
  seed,
  include: paths.optional(),
  backend,
});

const importing = z
  .object({
    /** Files, or folders with them: all that they hold. */
    paths: paths.optional(),
    /** Or single volumes that a scan found, with the sequence where it is known better than the files say (`intake/choice.ts`). */
    volumes: z
      .array(z.object({ files: paths, index: z.int().min(0), sequence: sequence.optional() }))
      .min(1)
      .max(100_000)
      .optional(),
    purpose: z.enum(['training', 'external']).default('training'),
    site: z.string().min(1).max(200).optional(),
    sequence: sequence.optional(),
    acceptUnsure: z.boolean().optional(),
    coilSlices: z.enum(COIL_SLICES).optional(),
    threads: z.int().min(1).max(256).optional(),
  })
  .refine((named) => (named.paths === undefined) !== (named.volumes === undefined), {
    message: 'name either files and folders, or volumes',
    path: ['paths'],
  });

const title = z.string().min(1).max(500);
const annotating = z.object({
  /** CSV with the columns of fastMRI+; with `mapping`, CSV or JSON with any. */
  table: path,
  fileList: path.optional(),
  withoutRows: z.enum(['excluded', 'normal', 'unlabeled']).default('excluded'),
  mapping: z
    .object({
      file: title,
      slice: title,
      x: title,
      y: title,
      width: title.optional(),
      height: title.optional(),
      right: title.optional(),
      bottom: title.optional(),
      label: title,
      studyLevel: title.optional(),
      firstSlice: z.union([z.literal(0), z.literal(1)]),
      flipped: z.boolean(),
    })
    .optional(),
});

export const patchSettings = z
  .object({
    size: z.int().min(8).max(1024),
    minimumBrain: share,
    minimumOverlap: share.positive(),
    perVolume: z.object({
      abnormal: z.object({ minimum: count, maximum: count }),
      normalBesideBoxes: count,
      normal: count,
      unlabeled: count,
    }),
    perBox: z.object({ base: count, perPatchArea: z.number().min(0).max(10_000) }),
  })
  .default(DEFAULT_PATCH_SETTINGS);
const patches = z.object({ seed, settings: patchSettings, redrawSplits: z.boolean().default(false) });

export const TRAINED_KINDS = ['autoencoder', 'flow', 'finetune', 'classifier'] as const;
const training = z.object({
  model: z.enum(TRAINED_KINDS),
  preset,
  /** Number of steps, or time; the preset's where not given. */
  budget: z
    .union([
      z.strictObject({ steps: z.int().min(1).max(100_000_000) }),
      z.strictObject({ seconds: z.number().min(0.1).max(10_000_000) }),
    ])
    .optional(),
  seed,
  /** The newest where not given. */
  patchSet: id.optional(),
  autoencoder: id.optional(),
  flow: id.optional(),
  /** Goes on with this run, with its own settings: what is said above plays no part. */
  run: id.optional(),
  backend,
});

const generating = z.object({
  /** Run of a flow; the newest of the second stage where not given. */
  run: id.optional(),
  wanted: z
    .array(
      z.object({
        sequence,
        label: z.enum(CONDITION_CLASSES).default('unknown'),
        count: z.int().min(1).max(1_000_000),
      }),
    )
    .min(1)
    .max(100),
  method: z.enum(['heun', 'euler', 'midpoint']).optional(),
  steps: z.int().min(1).max(1000).optional(),
  guidance: z.number().min(0).max(100).optional(),
  seed,
  backend,
});

const evaluating = z.object({
  experiment: z.enum(['reconstruction', 'realism', 'downstream']),
  preset,
  /** Classifiers trained for each question. */
  seeds: z.int().min(1).max(100).default(5),
  testSets: z.int().min(1).max(100).default(4),
  seed,
  patchSet: id.optional(),
  /** The run whose model is judged: an autoencoder, a first-stage, a second-stage flow; the newest where not given. */
  run: id.optional(),
  backend,
});

const scoring = z.object({
  /** The classifier's run; the newest where not given. */
  run: id.optional(),
  volumes: z.enum(['external', 'test']).default('external'),
  patchSet: id.optional(),
  backend,
});

const reporting = z.object({
  /** Where `report.html` goes; `reports/<job>` of the study where not given. */
  folder: path.optional(),
  backend,
});

const exporting = z.object({
  /** Patch sets, synthetic sets, volumes …: their files, their provenance, and a table of what is in them. */
  items: z.array(id).min(1).max(100_000),
  /** A folder that gets one folder an item. */
  folder: path,
});

/** The parameters of every kind. */
export const JOB_PARAMETERS = {
  demo,
  import: importing,
  annotate: annotating,
  patches,
  train: training,
  generate: generating,
  evaluate: evaluating,
  score: scoring,
  report: reporting,
  export: exporting,
} as const;

export type JobKind = keyof typeof JOB_PARAMETERS;
export const JOB_KINDS = Object.keys(JOB_PARAMETERS) as JobKind[];
/** What is given to `submit`; what has a default may be left out. */
export type JobInput<K extends JobKind = JobKind> = z.input<(typeof JOB_PARAMETERS)[K]>;
/** The same with the defaults filled in. */
export type JobParameters<K extends JobKind = JobKind> = z.output<(typeof JOB_PARAMETERS)[K]>;

/** What a queue has to know of a kind. */
interface KindFacts {
  /** Computes with models. */
  usesDevice: boolean;
  /** What is done is kept and not done again. */
  resumable: boolean;
  /** Parameters that hold paths, at the top level. */
  pathFields: readonly string[];
}

export const KIND_FACTS: Record<JobKind, KindFacts> = {
  demo: { usesDevice: true, resumable: true, pathFields: ['include'] },
  import: { usesDevice: false, resumable: true, pathFields: ['paths', 'volumes'] },
  annotate: { usesDevice: false, resumable: false, pathFields: ['table', 'fileList'] },
  patches: { usesDevice: false, resumable: false, pathFields: [] },
  train: { usesDevice: true, resumable: true, pathFields: [] },
  generate: { usesDevice: true, resumable: false, pathFields: [] },
  evaluate: { usesDevice: true, resumable: false, pathFields: [] },
  score: { usesDevice: true, resumable: false, pathFields: [] },
  report: { usesDevice: true, resumable: false, pathFields: ['folder'] },
  export: { usesDevice: false, resumable: false, pathFields: ['folder'] },
};
