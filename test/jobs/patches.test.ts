import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sliceOf } from '../../main/domain/complex.ts';
import { SEQUENCES } from '../../main/domain/sequences.ts';
import { SPLITS } from '../../main/domain/tissue.ts';
import { readNpyAs } from '../../main/formats/npy.ts';
import { makePatches } from '../../main/jobs/patches.ts';
import { cutPatch, DEFAULT_PATCH_SETTINGS } from '../../main/patches/index.ts';
import { openPatches, patchTable, readImage, restoreItem, verifyStudy } from '../../main/study/index.ts';
import type { Study, VolumeFacts } from '../../main/study/index.ts';
import { addVolume, sha256, temporaryStudy } from '../study/temporary-study.ts';

const settings = {
  ...DEFAULT_PATCH_SETTINGS,
  size: 8,
  perVolume: { abnormal: { minimum: 3, maximum: 6 }, normalBesideBoxes: 2, normal: 4, unlabeled: 3 },
};

/** A study of small volumes of all classes and sequences, two volumes of each of some patients. */
async function filledStudy(order: (names: string[]) => string[] = (names) => names): Promise<Study> {
  const study = await temporaryStudy();
  const names = Array.from({ length: 18 }, (_, i) => `scan-${i}`);
  for (const name of order(names)) {
    const i = Number(name.slice(5));
    const tissueClass = (['normal', 'abnormal', 'unlabeled'] as const)[i % 3]!;
    const facts: Partial<VolumeFacts> = {
      rows: 24,
      columns: 20,
      sequence: SEQUENCES[i % 5]!,
      patient: i < 12 ? `patient-${Math.floor(i / 2)}` : null,
      tissueClass,
    };
    const { id } = await addVolume(study, name, facts);
    if (tissueClass !== 'abnormal') continue;
    study.annotations.set(
      id,
      {
        tissueClass,
        classReason: 'a mass',
        boxes: [{ slice: 1, top: 4, left: 5, height: 6, width: 5, label: 'Mass', abnormal: true }],
        studyLabels: [],
      },
      { sha256: sha256('boxes'), rulesSha256: sha256('rules') },
    );
  }
  return study;
}

describe('taking patches', () => {
  test('and external volumes keep apart, whichever of them comes first', async () => {
    const study = await filledStudy();
    const { set } = await makePatches(study, { seed: 1, settings });
    const { volume } = study.patchSets.patches(set.id)[0]!;
    expect(() => study.volumes.setPurpose(volume, 'external')).toThrow(/cannot be external/);
    study.remove(set.id);
    study.volumes.setPurpose(volume, 'external');
    await expect(restoreItem(study, set.id)).rejects.toMatchObject({ code: 'external-in-patches' });
    study.volumes.setPurpose(volume, 'training');
    await restoreItem(study, set.id);
    expect(study.patchSets.latest()!.id).toBe(set.id);
    expect(await verifyStudy(study)).toMatchObject({ ok: true });
  });

  test('stores what it cut, where it cut it, and where each volume belongs', async () => {
    const study = await filledStudy();
    const { set, splits, counts, withoutPatches } = await makePatches(study, { seed: 1, settings });
    expect([splits, withoutPatches]).toEqual(['new', []]);
    const patches = study.patchSets.patches(set.id);
    expect(patches).toHaveLength(counts.train + counts.validation + counts.test);
    const volume = patches[0]!.volume;
    const image = await readImage(study, volume);
    for (const split of SPLITS) {
      const stored = await openPatches(study, set.id, { split });
      expect(stored.count).toBe(counts[split]);
      expect(counts[split]).toBeGreaterThan(0);
      stored.patches.forEach((patch, i) => {
        if (patch.volume !== volume) return;
        expect(stored.read([i])).toEqual(cutPatch(sliceOf(image, patch.slice), patch.top, patch.left, 8));
      });
      stored.close();
    }
    const { shape, data } = await readNpyAs(join(study.folder, 'patches', set.id, 'train.npy'), 'float32');
    expect(shape).toEqual([counts.train, 2, 8, 8]);
    expect(data.length).toBe(counts.train * 128);
    expect(await verifyStudy(study)).toMatchObject({ ok: true, problems: [] });
  });

  test('keeps a patient in one split, and abnormal patches with their box', async () => {
    const study = await filledStudy();
    const { set } = await makePatches(study, { seed: 2, settings });
    const patches = study.patchSets.patches(set.id);
    for (let p = 0; p < 6; p++) {
      const mine = study.volumes.list({ patient: `patient-${p}` }).map((volume) => volume.id);
      expect(mine).toHaveLength(2);
      expect(new Set(patches.filter((patch) => mine.includes(patch.volume)).map((patch) => patch.split)).size).toBe(1);
    }
    for (const patch of patches) expect(patch.box !== null).toBe(patch.tissueClass === 'abnormal');
    expect(patches.some((patch) => patch.tissueClass === 'abnormal')).toBe(true);
  });

  test('gives the same patches for the same scans and seed, whatever the order of import', async () => {
    const describeSet = async (study: Study, seed: number): Promise<unknown> => {
      const { set } = await makePatches(study, { seed, settings });
      const { data } = await readNpyAs(join(study.folder, 'patches', set.id, 'train.npy'), 'float32');
      return { patches: study.patchSets.patches(set.id).map(({ box: _, ...patch }) => patch), data };
    };
    const first = await describeSet(await filledStudy(), 7);
    const second = await describeSet(await filledStudy((names) => names.toReversed()), 7);
    const third = await describeSet(await filledStudy(), 8);
    expect(second).toEqual(first);
    expect(third).not.toEqual(first);
  });

  test('keeps the splits of earlier sets when volumes are added, and redraws them only when told to', async () => {
    const study = await filledStudy();
    const before = await makePatches(study, { seed: 1, settings });
    const placed = study.splits.of(before.set.scheme);
    await addVolume(study, 'late', { rows: 24, columns: 20 });
    const after = await makePatches(study, { seed: 99, settings });
    expect([after.splits, after.set.scheme]).toEqual(['kept', before.set.scheme]);
    const now = study.splits.of(after.set.scheme);
    for (const [volume, split] of placed) expect(now.get(volume)).toBe(split);
    expect(now.size).toBe(placed.size + 1);
    const redrawn = await makePatches(study, { seed: 99, settings, redrawSplits: true });
    expect(redrawn.splits).toBe('new');
    expect(redrawn.set.scheme).not.toBe(before.set.scheme);
    expect(await verifyStudy(study)).toMatchObject({ ok: true });
  });

  test('leaves out external, magnitude-only and excluded volumes, and says why', async () => {
    const study = await temporaryStudy();
    const size = { rows: 24, columns: 20 };
    await addVolume(study, 'external', { ...size, purpose: 'external' });
    const magnitude = await addVolume(study, 'magnitude', { ...size, hasPhase: false });
    const excluded = await addVolume(study, 'excluded', {
      ...size,
      tissueClass: null,
      classReason: 'Only an artifact.',
    });
    await expect(makePatches(study, { seed: 1, settings })).rejects.toMatchObject({ code: 'no-volumes' });
    const kept = await addVolume(study, 'kept', size);
    const { set, withoutPatches } = await makePatches(study, { seed: 1, settings });
    expect(withoutPatches.map(({ volume, reason }) => [volume.id, reason])).toEqual([
      [magnitude.id, 'It holds magnitude only.'],
      [excluded.id, 'Only an artifact.'],
    ]);
    expect(new Set(study.patchSets.patches(set.id).map((patch) => patch.volume))).toEqual(new Set([kept.id]));
  });

  test('stores nothing when it is stopped or finds nothing', async () => {
    const study = await filledStudy();
    await expect(makePatches(study, { seed: 1, settings }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(makePatches(study, { seed: 1 })).rejects.toMatchObject({ code: 'no-patches-found' });
    expect([study.patchSets.list(), study.splits.latest()]).toEqual([[], undefined]);
    expect(await verifyStudy(study)).toMatchObject({ ok: true });
  });

  test('makes a table of patches and volumes by class, sequence and split', async () => {
    const study = await filledStudy();
    const { set } = await makePatches(study, { seed: 1, settings });
    const table = patchTable(study, set.id);
    const patches = study.patchSets.patches(set.id);
    expect(table.reduce((sum, cell) => sum + cell.patches, 0)).toBe(patches.length);
    for (const { tissue, sequence, split, volumes, patches: count } of table) {
      const mine = patches.filter((p) => p.tissueClass === tissue && p.sequence === sequence && p.split === split);
      expect([count, volumes]).toEqual([mine.length, new Set(mine.map((patch) => patch.volume)).size]);
    }
  });
});
