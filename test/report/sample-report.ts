import { Random } from '../../main/domain/random.ts';
import type { ComplexImage } from '../../main/domain/complex.ts';
import { SEQUENCES } from '../../main/domain/sequences.ts';
import { SPLITS, TISSUE_CLASSES } from '../../main/domain/tissue.ts';
import type { Item, TrainAndScore } from '../../main/evaluation/classification-task.ts';
import { evaluateDownstream, matchedRealAndSynthetic } from '../../main/evaluation/downstream.ts';
import { evaluateRealism } from '../../main/evaluation/realism.ts';
import { compareImages, summariseReconstruction } from '../../main/evaluation/reconstruction.ts';
import { scoreVolumes } from '../../main/evaluation/volume-score.ts';
import type { ReportData, TrainingCurve } from '../../main/report/report-data.ts';
import { referencePatches } from '../evaluation/reference.ts';

/** A report as a study would fill it: real brain patches, experiments with a made-up classifier. */
export async function sampleReport(patches = 3): Promise<ReportData> {
  const targets = await referencePatches('target');
  const predictions = await referencePatches('prediction');
  const random = new Random('sample report');
  return {
    study: { id: 'st_7f3c9a2e', name: 'Phantom study of five sequences', created: '2025-03-14T09:05:00Z' },
    generated: '2025-03-14T09:14:42Z',
    data: {
      kind: 'phantom',
      paragraphs: [
        'Forty heads of varied anatomy, size and pose, each in one of five sequences at 1.5 T or 3 T, with lesions that are seen in magnitude only, in phase only, or in both. Multi-coil k-space was simulated with eight coils, complex noise and twofold readout oversampling, reconstructed with ESPIRiT and cut into patches.',
      ],
      facts: [
        ['Volumes', '40 of 8 slices'],
        ['Matrix', '320 × 320'],
        ['Coils', '8'],
        ['Patch', '96 × 96, two channels'],
      ],
    },
    patchTable: SEQUENCES.flatMap((sequence) =>
      SPLITS.flatMap((split) =>
        TISSUE_CLASSES.filter((tissue) => split !== 'test' || tissue !== 'unlabeled').map((tissue) => {
          const volumes = random.integer(1, split === 'train' ? 9 : 3);
          return { sequence, tissue, split, volumes, patches: volumes * random.integer(10, 40) };
        }),
      ),
    ),
    samples: SEQUENCES.map((sequence, s) => ({
      sequence,
      real: targets.slice(0, patches).map((_, k) => ({
        image: targets[(k + s) % targets.length]!,
        caption: k % 2 === 0 ? 'normal' : 'abnormal',
      })),
      synthetic: Array.from({ length: patches }, (_, k) => ({
        image: smoothPatch(random),
        caption: k % 2 === 0 ? 'normal · w 2' : 'abnormal · w 2',
      })),
    })),
    reconstruction: {
      sets: [
        {
          name: 'Held-out phantom patches',
          rows: summariseReconstruction(
            Array.from({ length: 60 }, (_, k) => {
              const which = 1 + (k % 4);
              const measured = compareImages(predictions[which]!, targets[which]!);
              return { ...measured, sequence: SEQUENCES[k % 5]!, volume: `v${k % 12}` };
            }),
          ),
        },
      ],
      examples: [1, 2, 3, 5].map((k) => ({
        name: `${SEQUENCES[k % 5]} · volume ${k} · slice ${k + 2}`,
        target: targets[k]!,
        reconstruction: predictions[k]!,
        metrics: compareImages(predictions[k]!, targets[k]!),
      })),
    },
    training: [
      curve('Autoencoder', 'Loss: mean L1 + 0.5 · gradient + 0.001 · KL', ['training', 'validation'], random, true),
      curve('Flow, stage 1', 'Mean squared error of the velocity', ['training', 'EMA, validation'], random),
      curve('Flow, stage 2', 'Mean squared error of the velocity', ['training'], random),
      curve('Classifier, real only', 'Cross-entropy', ['training', 'validation'], random),
    ],
    realism: await evaluateRealism(
      {
        real: { training: realItems(40), validation: [], test: realItems(24) },
        synthetic: {
          training: syntheticItems(40),
          validation: [],
          tests: [syntheticItems(24), syntheticItems(24)],
        },
        seeds: [1, 2],
        classifiers: 'shared',
        designSeed: 1,
      },
      guessing({ real: 1.2, synthetic: 1.2 }),
    ),
    downstream: await evaluateDownstream(
      {
        sets: matchedRealAndSynthetic(realItems(40), syntheticItems(40), 1),
        validation: realItems(16),
        test: realItems(24),
        seeds: [1, 2, 3],
        designSeed: 1,
      },
      guessing({ real: 1.6, synthetic: 1.1 }),
    ),
    volumeScores: [
      {
        name: 'External volumes',
        classifier: 'classifier rn_51c2, trained on real patches',
        result: scoreVolumes(
          Array.from({ length: 18 }, (_, v) => ({
            id: `external-${String(v + 1).padStart(2, '0')}`,
            label: v === 17 ? null : v % 2 === 0 ? (1 as const) : (0 as const),
            probabilities: Array.from({ length: 128 }, () => random.uniform() ** (v % 2 === 0 ? 1.6 : 2.4)),
          })),
        ),
      },
    ],
    stages: [
      { name: 'Phantom', seconds: 88, peakMemoryBytes: 640e6, note: '40 volumes, 2 workers' },
      { name: 'Reconstruction', seconds: 102.4, peakMemoryBytes: 910e6, note: '0.32 s a slice' },
      { name: 'Autoencoder', seconds: 64.8, peakMemoryBytes: 1.21e9, note: '2,806 steps · 345 patches/s' },
      { name: 'Flow, stage 1', seconds: 131, peakMemoryBytes: 1.4e9, note: '2,996 steps · 369 patches/s' },
      { name: 'Flow, stage 2', seconds: 60.2, peakMemoryBytes: 1.4e9 },
      { name: 'Evaluation', seconds: 74.9 },
    ],
    provenance: {
      environment: [
        ['Isochromat', '0.1.0'],
        ['Code', '2e7721f'],
        ['Backend', 'wasm, 2 threads'],
        ['Device', 'x86-64, 2 cores, 3 GB'],
        ['Node', '24.21.0'],
      ],
      seeds: [
        ['Split', 2024],
        ['Flow', 1],
        ['Sampling', '7–46'],
      ],
      items: [
        { name: 'Split', id: 'sp_0a11', sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
        {
          name: 'Autoencoder',
          id: 'rn_77ab',
          detail: 'step 2806',
          sha256: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
        },
        { name: 'Synthetic set', id: 'sy_19d0', detail: '400 patches, w = 2, Heun 10' },
      ],
    },
  };
}

/** Smooth complex noise: a few random waves, with a smooth phase of its own. */
export function smoothPatch(random: Random, size = 96): ComplexImage {
  const waves = Array.from({ length: 14 }, () => ({
    x: random.normal() * 0.12,
    y: random.normal() * 0.12,
    shift: random.uniform(0, 2 * Math.PI),
    height: random.uniform(0.02, 0.12),
  }));
  const [tilt, lean, start] = [random.normal() * 0.015, random.normal() * 0.015, random.uniform(0, 2 * Math.PI)];
  const data = new Float32Array(2 * size * size);
  for (let i = 0; i < size * size; i++) {
    const [x, y] = [i % size, Math.floor(i / size)];
    const magnitude = Math.abs(waves.reduce((sum, w) => sum + w.height * Math.sin(w.x * x + w.y * y + w.shift), 0.45));
    const angle =
      start + tilt * x + lean * y + waves.slice(0, 3).reduce((sum, w) => sum + Math.sin(w.x * x + w.shift) / 6, 0);
    data[2 * i] = magnitude * Math.cos(angle);
    data[2 * i + 1] = magnitude * Math.sin(angle);
  }
  return { rows: size, columns: size, data };
}

let key = 0;
function realItems(perSequence: number): Item[] {
  return SEQUENCES.flatMap((sequence) =>
    Array.from({ length: perSequence }, (_, i): Item => {
      const volume = Math.floor(i / 6);
      return {
        source: 'real',
        key: key++,
        sequence,
        abnormal: volume % 2 === 0 ? 0 : 1,
        volume: `${sequence} ${volume}`,
      };
    }),
  );
}

function syntheticItems(perSequence: number): Item[] {
  return SEQUENCES.flatMap((sequence) =>
    Array.from({ length: perSequence }, (_, i): Item => {
      const name = key++;
      return { source: 'synthetic', key: name, sequence, abnormal: i % 2 === 0 ? 0 : 1, volume: `synthetic ${name}` };
    }),
  );
}

function guessing(strength: Record<Item['source'], number>): TrainAndScore {
  return async (task) => {
    const random = Random.for(task.name, task.seed);
    const force = strength[task.training[0]!.item.source];
    const score = (set: typeof task.validation): number[] =>
      set.map(({ target, item }) => {
        const shared = Random.for(item.volume).normal() * 0.6;
        return 1 / (1 + Math.exp(-(force * (target - 0.5) + shared + 0.8 * random.normal())));
      });
    return { validation: score(task.validation), tests: task.tests.map(score) };
  };
}

function curve(name: string, quantity: string, series: string[], random: Random, logarithmic = false): TrainingCurve {
  const steps = Array.from({ length: 2800 }, (_, i) => i + 1);
  return {
    name,
    run: `rn_${random.bits().toString(16).slice(0, 4)}`,
    quantity,
    logarithmic,
    series: series.map((each, k) => {
      const every = k === 0 ? 1 : 100;
      const at = steps.filter((step) => step % every === 0);
      return {
        name: each,
        steps: at,
        values: at.map(
          (step) => (0.09 + 0.9 * Math.exp(-step / 350) + 0.01 * k) * (1 + (k === 0 ? 0.18 : 0.02) * random.normal()),
        ),
      };
    }),
  };
}
