import { join } from 'node:path';
import { sliceOf } from '../domain/complex.ts';
import { cancelled, IsochromatError } from '../domain/errors.ts';
import type { WorkContext } from '../domain/progress.ts';
import { Random } from '../domain/random.ts';
import type { Sequence } from '../domain/sequences.ts';
import { SPLITS } from '../domain/tissue.ts';
import type { Split, TissueClass } from '../domain/tissue.ts';
import { NpyWriter } from '../formats/npy.ts';
import type { NpyData } from '../formats/npy.ts';
import {
  checkPatchSettings,
  cutPatch,
  DEFAULT_PATCH_SETTINGS,
  DEFAULT_SPLIT_SETTINGS,
  extractPositions,
  patchesPerBox,
  planar,
  splitVolumes,
} from '../patches/index.ts';
import type { PatchPosition, PatchSettings, SplitSettings } from '../patches/index.ts';
import { readImage, readMask } from '../study/index.ts';
import type { Patch, PatchSet, Study, Volume } from '../study/index.ts';

export interface PatchOptions {
  seed: number;
  settings?: PatchSettings;
  splits?: SplitSettings;
  /** Draw the splits anew rather than keep those that volumes have. */
  redrawSplits?: boolean;
}

export interface PatchReport {
  set: PatchSet;
  /** Whether the splits are new, or those of an earlier patch set with the new volumes added. */
  splits: 'new' | 'kept';
  counts: Record<Split, number>;
  /** Volumes that gave nothing, each with the reason. */
  withoutPatches: { volume: Volume; reason: string }[];
}

/** A volume that patches are taken from. */
type UsableVolume = Volume & { tissueClass: TissueClass };

/**
 * Takes patches from every training volume and stores them as a new set: positions and splits follow from the seed and the
 * scans alone, so the same scans give the same patches in every study. A volume placed in a split stays there in all
 * later sets unless `redrawSplits` says otherwise.
 * @throws IsochromatError `patch-settings`, `no-volumes`, `no-patches-found`, `cancelled` (nothing is stored)
 */
export async function makePatches(
  study: Study,
  options: PatchOptions,
  context: WorkContext = {},
): Promise<PatchReport> {
  const settings = checkPatchSettings(options.settings ?? DEFAULT_PATCH_SETTINGS);
  const { usable, withoutPatches } = usableVolumes(study);
  if (usable.length === 0) throw noVolumes(withoutPatches.length);
  const placement = placeVolumes(study, usable, options);
  const folder = study.patchSets.stage();
  const writers = await openWriters(folder, settings.size);
  try {
    const patches: Patch[] = [];
    for (const [done, volume] of usable.entries()) {
      if (context.signal?.aborted === true) throw cancelled('Taking patches');
      context.onProgress?.({ stage: 'Taking patches', done, total: usable.length, note: `${patches.length} patches` });
      const split = placement.splits.get(volume.id)!;
      const taken = await takePatches(study, volume, settings, options.seed, split, writers[split]);
      if (taken.length === 0) withoutPatches.push({ volume, reason: 'Nowhere is there enough brain for a patch.' });
      patches.push(...taken);
    }
    if (patches.length === 0) throw noPatchesFound(settings);
    for (const split of SPLITS) await writers[split].close();
    context.onProgress?.({ stage: 'Taking patches', done: usable.length, total: usable.length });
    const set = await study.patchSets.add(folder, { size: settings.size, scheme: placement.store, settings }, patches, {
      inputs: usable.map((volume) => volume.id),
      configuration: { job: 'patches', settings, splits: placement.settings },
      seed: options.seed,
    });
    return { set, splits: placement.kind, counts: study.patchSets.counts(set.id), withoutPatches };
  } finally {
    for (const split of SPLITS) await writers[split].abort();
    study.patchSets.unstage(folder);
  }
}

/** What draws the positions of a volume: of its scan and the seed alone. */
export function patchGenerator(seed: number, volume: Volume): Random {
  return Random.for('patches', seed, keyOf(volume));
}

/**
 * What `makePatches` would take with these options, without looking at an image: volumes by split as they would be, patches as many
 * as their rules ask for. A volume with little brain gives fewer.
 */
export function expectedPatches(
  study: Study,
  options: PatchOptions,
): {
  cells: { tissueClass: TissueClass; sequence: Sequence; split: Split; volumes: number; patches: number }[];
  splits: PatchReport['splits'];
  withoutPatches: { reason: string; count: number }[];
} {
  const settings = checkPatchSettings(options.settings ?? DEFAULT_PATCH_SETTINGS);
  const { usable, withoutPatches } = usableVolumes(study);
  const { kind, splits } = placeVolumes(study, usable, options);
  const cells = new Map<string, ReturnType<typeof expectedPatches>['cells'][number]>();
  for (const volume of usable) {
    const split = splits.get(volume.id)!;
    const { sequence } = volume;
    for (const [tissueClass, patches] of expectedOf(study, volume, settings)) {
      const key = `${tissueClass} ${sequence} ${split}`;
      const cell = cells.get(key) ?? { tissueClass, sequence, split, volumes: 0, patches: 0 };
      cells.set(key, { ...cell, volumes: cell.volumes + 1, patches: cell.patches + patches });
    }
  }
  const reasons = new Map<string, number>();
  for (const { reason } of withoutPatches) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return {
    cells: [...cells.values()],
    splits: kind,
    withoutPatches: [...reasons].map(([reason, count]) => ({ reason, count })),
  };
}

function expectedOf(study: Study, volume: UsableVolume, settings: PatchSettings): [TissueClass, number][] {
  const { perVolume } = settings;
  if (volume.tissueClass !== 'abnormal') return [[volume.tissueClass, perVolume[volume.tissueClass]]];
  const boxes = study.annotations.boxes(volume.id).filter(({ abnormal }) => abnormal);
  const around = patchesPerBox(boxes, settings).reduce((sum, count) => sum + count, 0);
  return [
    ['abnormal', around],
    ['normal', perVolume.normalBesideBoxes],
  ];
}

/** Training volumes with phase and a class, ordered by their source: the order in which they were imported plays no part. */
function usableVolumes(study: Study): { usable: UsableVolume[]; withoutPatches: PatchReport['withoutPatches'] } {
  const usable: UsableVolume[] = [];
  const withoutPatches: PatchReport['withoutPatches'] = [];
  for (const volume of study.volumes.list({ purpose: 'training' })) {
    const { tissueClass } = volume;
    if (!volume.hasPhase) withoutPatches.push({ volume, reason: 'It holds magnitude only.' });
    else if (tissueClass === null) withoutPatches.push({ volume, reason: volume.classReason });
    else usable.push({ ...volume, tissueClass });
  }
  return { usable: usable.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)), withoutPatches };
}

/** What stands for a scan wherever the seed must give the same: the hash of its source. */
function keyOf(volume: Volume): string {
  return `${volume.sourceSha256} ${volume.sourceIndex}`;
}

interface Placement {
  kind: PatchReport['splits'];
  settings: SplitSettings;
  splits: Map<string, Split>;
  /** Stores the placement and returns the id of its scheme. */
  store: () => string;
}

function placeVolumes(
  study: Study,
  volumes: readonly UsableVolume[],
  { seed, splits: settings = DEFAULT_SPLIT_SETTINGS, redrawSplits }: PatchOptions,
): Placement {
  const earlier = redrawSplits === true ? undefined : study.splits.latest();
  const before = earlier === undefined ? new Map<string, Split>() : study.splits.of(earlier.id);
  const candidates = volumes.map((volume) => ({ ...volume, key: keyOf(volume) }));
  const splits = new Map([...splitVolumes(candidates, settings, seed, before), ...before]);
  return {
    kind: earlier === undefined ? 'new' : 'kept',
    settings,
    splits,
    store: () => {
      const scheme = earlier ?? study.splits.create(seed, settings);
      study.splits.place(scheme.id, splits);
      return scheme.id;
    },
  };
}

async function takePatches(
  study: Study,
  volume: UsableVolume,
  settings: PatchSettings,
  seed: number,
  split: Split,
  writer: NpyWriter,
): Promise<Patch[]> {
  const source = { ...volume, mask: await readMask(study, volume.id), boxes: study.annotations.boxes(volume.id) };
  const positions = extractPositions(source, settings, patchGenerator(seed, volume));
  if (positions.length === 0) return [];
  const first = writer.rows;
  const image = await readImage(study, volume.id);
  const { size } = settings;
  const cut = new Float32Array(positions.length * 2 * size * size);
  positions.forEach(({ slice, top, left }, i) => {
    cut.set(cutPatch(sliceOf(image, slice), top, left, size), i * 2 * size * size);
  });
  await writer.append(planar(cut, size) as NpyData);
  return positions.map((position: PatchPosition, i): Patch => ({
    ...position,
    split,
    position: first + i,
    volume: volume.id,
    sequence: volume.sequence,
  }));
}

async function openWriters(folder: string, size: number): Promise<Record<Split, NpyWriter>> {
  const open = (split: Split): Promise<NpyWriter> =>
    NpyWriter.create(join(folder, `${split}.npy`), { dtype: 'float32', rowShape: [2, size, size] });
  return { train: await open('train'), validation: await open('validation'), test: await open('test') };
}

function noVolumes(unusable: number): IsochromatError {
  return new IsochromatError({
    code: 'no-volumes',
    sentence: 'There is no volume to take patches from.',
    expected: 'training volumes with phase whose class is normal, abnormal or unlabeled',
    found: unusable === 0 ? 'none in the study' : `${unusable} that cannot be used`,
    remedy: 'Import volumes first with "isochromat import".',
  });
}

function noPatchesFound(settings: PatchSettings): IsochromatError {
  return new IsochromatError({
    code: 'no-patches-found',
    sentence: 'Not one patch could be taken.',
    expected: `places where ${Math.round(100 * settings.minimumBrain)} % of ${settings.size} × ${settings.size} pixels are brain`,
    remedy: 'Look at the brain masks, or ask for less brain.',
  });
}
