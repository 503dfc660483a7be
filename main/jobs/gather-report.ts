import { arch, cpus, platform, release } from 'node:os';
import { join } from 'node:path';
import { Random } from '../domain/random.ts';
import { SEQUENCES } from '../domain/sequences.ts';
import type { Sequence } from '../domain/sequences.ts';
import { TISSUE_CLASSES } from '../domain/tissue.ts';
import { VERSION } from '../domain/version.ts';
import type { DownstreamResult } from '../evaluation/downstream.ts';
import type { RealismResult } from '../evaluation/realism.ts';
import { rankVolumes } from '../evaluation/volume-score.ts';
import { readNpyAs } from '../formats/npy.ts';
import type { CaptionedImage, DataDescription, ReportData, Section, StageCost } from '../report/report-data.ts';
import { patchTable } from '../study/index.ts';
import type { Study, Volume } from '../study/index.ts';
import { interleave } from '../patches/index.ts';
import { imageAt } from './evaluate-reconstruction.ts';
import type { ReconstructionResult } from './evaluate-reconstruction.ts';
import { openModelPatches } from './patch-data.ts';
import { reconstructionExamples } from './reconstruction-examples.ts';
import type { TrainingRequest } from './run-training.ts';
import { presetOf } from './run-training.ts';
import { TRAINING_TITLES } from './training-titles.ts';
import type { ModelWork } from './work.ts';

/** Patches of each kind shown side by side for a sequence. */
const SHOWN = 6;

/** Collects from a study everything that a report shows; what was not done says so in its place. */
export async function gatherReport(
  study: Study,
  { stages, generated }: { stages?: StageCost[]; generated: Date },
  work: ModelWork,
): Promise<ReportData> {
  const volumes = study.volumes.list();
  const patchSet = study.patchSets.latest();
  return {
    study: { id: study.id, name: study.name, created: study.created },
    generated: generated.toISOString(),
    data: describeData(volumes),
    patchTable: patchSet === undefined ? notRun('No patches were extracted.') : patchTable(study, patchSet.id),
    samples: await samples(study, patchSet?.id),
    reconstruction: await reconstruction(study, work),
    training: trainingCurves(study),
    realism: latestResult<RealismResult>(
      study,
      'realism',
      'Real and synthetic patches were not compared by a classifier.',
    ),
    downstream: latestResult<DownstreamResult>(
      study,
      'downstream',
      'No classifiers were trained on real and synthetic patches.',
    ),
    volumeScores: volumeScores(study),
    stages: stages ?? notRun('The stages were run one by one; their times are with the runs.'),
    provenance: {
      environment: [
        ['Isochromat', VERSION],
        ['Backend', work.on.backend],
        ['Device', work.on.device],
        ['Processor', `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores`],
        ['System', `${platform()} ${release()} ${arch()}`],
        ['Node', process.version],
      ],
      seeds: study.runs.list().flatMap((run) => (run.seed === null ? [] : [[run.id, run.seed] as const])),
      items: [
        ...study.runs.list().map(({ id, kind, preset, status }) => ({
          name: `${TRAINING_TITLES[kind]?.title ?? kind} (${preset ?? 'no preset'}, ${status})`,
          id,
          sha256: study.digest(id),
        })),
        ...volumes.map(({ id, name, sourceSha256 }) => ({
          name: `Volume ${name}`,
          id,
          sha256: sourceSha256,
          detail: 'source file',
        })),
      ],
    },
  };
}

function notRun(sentence: string): { notRun: string } {
  return { notRun: sentence };
}

function isPhantom(volume: Volume): boolean {
  return /numerical phantom/i.test(volume.scanner ?? '');
}

function describeData(volumes: readonly Volume[]): DataDescription {
  const phantoms = volumes.filter(isPhantom);
  const kind = phantoms.length === volumes.length ? 'phantom' : phantoms.length === 0 ? 'acquired' : 'mixed';
  const paragraphs: string[] = [];
  if (phantoms.length > 0) {
    paragraphs.push(
      `${phantoms.length} of ${volumes.length} volumes are a numerical phantom made by this program: no person was scanned, ` +
        'and nothing here says how the method does on patients. Signals follow the sequences’ equations with published ' +
        'relaxation times; lesions, field, coils and noise are simulated.',
    );
  }
  if (kind !== 'phantom') {
    const acquired = volumes.length - phantoms.length;
    paragraphs.push(
      `${acquired === 1 ? 'One volume was' : `${acquired} volumes were`} acquired on a scanner and imported from files.`,
    );
  }
  const distinct = (of: (volume: Volume) => string): string =>
    [...new Set(volumes.map(of))].sort().join(', ') || 'none';
  const range = (of: (volume: Volume) => number): string => {
    const values = volumes.map(of);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return low === high ? String(low) : `${low} to ${high}`;
  };
  const facts: [string, string][] =
    volumes.length === 0
      ? []
      : [
          ['Volumes', `${volumes.length} (${volumes.filter((v) => v.purpose === 'external').length} external)`],
          ['Sequences', SEQUENCES.filter((s) => volumes.some((v) => v.sequence === s)).join(', ')],
          ['Slices a volume', range((v) => v.slices)],
          ['Matrix as reconstructed', distinct((v) => `${v.originalRows} × ${v.originalColumns}`)],
          ['Coils', range((v) => v.coils ?? 1)],
          ['Scanners', distinct((v) => v.scanner ?? 'not known')],
        ];
  return { kind, paragraphs, facts };
}

async function samples(study: Study, patchSet: string | undefined): Promise<ReportData['samples']> {
  if (patchSet === undefined) return notRun('No patches were extracted.');
  const set = study.synthetic.list({ purpose: 'downstream' }).at(-1) ?? study.synthetic.list().at(-1);
  const synthetic = set === undefined ? [] : await syntheticSamples(study, set.id, set.folder);
  const size = synthetic[0]?.image.rows ?? study.patchSets.get(patchSet).size;
  const real = await openModelPatches(study, patchSet, 'test', size);
  try {
    return SEQUENCES.filter((sequence) => real.patches.some((patch) => patch.sequence === sequence)).map(
      (sequence) => ({
        sequence,
        real: choose(
          real.patches.flatMap((patch, i) =>
            patch.sequence === sequence
              ? [
                  {
                    sequence,
                    kind: patch.tissueClass,
                    caption: patch.tissueClass as string,
                    image: imageAt(real.read([i]), 0, size),
                  },
                ]
              : [],
          ),
        ),
        synthetic: choose(synthetic.filter((sample) => sample.sequence === sequence)),
      }),
    );
  } finally {
    real.close();
  }
}

interface Sample extends CaptionedImage {
  sequence: Sequence;
  kind: string;
}

async function syntheticSamples(study: Study, id: string, folder: string): Promise<Sample[]> {
  const { shape, data } = await readNpyAs(join(folder, 'patches.npy'), 'float32');
  const size = shape[3] ?? 0;
  const images = interleave(data, size);
  const { guidance } = study.synthetic.get(id).info as { guidance?: number };
  return study.synthetic.patches(id).map(({ sequence, condition }, i) => ({
    sequence,
    kind: condition,
    image: imageAt(images, i, size),
    caption: guidance === undefined ? condition : `${condition} · w = ${guidance}`,
  }));
}

/** Drawn at random, evenly over the kinds: no hand picks what is shown. */
function choose(of: readonly Sample[]): CaptionedImage[] {
  const random = Random.for('report samples', of.length);
  const kinds = [...TISSUE_CLASSES, 'unknown'].filter((kind) => of.some((sample) => sample.kind === kind));
  const chosen = kinds.flatMap((kind, k) => {
    const members = random.shuffled(of.filter((sample) => sample.kind === kind));
    return members.slice(0, Math.floor((SHOWN + k) / kinds.length));
  });
  return chosen.map(({ image, caption }) => ({ image, ...(caption === undefined ? {} : { caption }) }));
}

async function reconstruction(study: Study, work: ModelWork): Promise<ReportData['reconstruction']> {
  const experiments = study.experiments.list().filter(({ kind }) => kind.startsWith('reconstruction'));
  if (experiments.length === 0) return notRun('No patches were encoded and decoded.');
  const latest = new Map(experiments.map((experiment) => [experiment.kind, experiment]));
  return {
    sets: [...latest.values()].map(({ kind, result }) => ({
      name: kind === 'reconstruction' ? 'Held-out test patches' : 'External volumes',
      rows: (result as ReconstructionResult).rows,
    })),
    examples: await reconstructionExamples(study, work),
  };
}

function trainingCurves(study: Study): ReportData['training'] {
  const runs = study.runs.list().filter((run) => TRAINING_TITLES[run.kind] !== undefined);
  if (runs.length === 0) return notRun('No model was trained.');
  return runs.map((run) => {
    const metrics = study.runs.metrics(run.id);
    const { title, quantity, logarithmic } = TRAINING_TITLES[run.kind]!;
    const values = metrics.map(({ loss }) => (typeof loss === 'number' ? loss : NaN));
    const preset = presetOf(run.config as TrainingRequest);
    return {
      name: title,
      run: run.id,
      quantity: quantity(preset),
      series: [{ name: 'training', steps: metrics.map(({ step }) => step), values }],
      logarithmic,
    };
  });
}

function latestResult<T extends object>(study: Study, kind: string, otherwise: string): Section<T> {
  const experiment = study.experiments.list().findLast((each) => each.kind === kind);
  return experiment === undefined ? notRun(otherwise) : (experiment.result as T);
}

function volumeScores(study: Study): ReportData['volumeScores'] {
  const sets = study.scores.list();
  if (sets.length === 0) return notRun('No volumes were scored.');
  // The newest scores of each purpose and classifier.
  const newest = new Map(
    sets.map((set) => {
      const { purpose, name } = study.provenance(set.id).configuration as { purpose: string; name: string };
      return [`${purpose} ${set.run}`, { set, name }] as const;
    }),
  );
  return [...newest.values()].map(({ set, name }) => ({
    name,
    classifier: `patch classifier ${set.run}, trained on real patches`,
    result: rankVolumes(
      study.scores.of(set.id).map(({ volume, score, patches, used, tissueClass }) => ({
        id: study.volumes.get(volume).name,
        score,
        patches,
        used,
        label: tissueClass === 'abnormal' ? 1 : tissueClass === 'normal' ? 0 : null,
      })),
    ),
  }));
}
