import { SPLITS } from '../domain/tissue.ts';
import { asIsochromatError } from '../domain/errors.ts';
import { openNpy } from '../formats/npy.ts';
import { keptCoilSlices } from './array-facts.ts';
import { IMAGE_FILE, MASK_FILE } from './arrays.ts';
import { COIL_FILES } from './coil-arrays.ts';
import type { Problem } from './problem.ts';
import { digestOf } from './staged-files.ts';
import type { Study } from './study.ts';

interface Expected {
  item: string;
  path: string;
  dtype: string;
  shape: number[];
}

/**
 * That arrays have the shapes which the catalogue says, and items the hash of their files.
 * @param skip items of which it is known that a file is missing or changed
 */
export async function checkShapes(study: Study, skip: ReadonlySet<string>): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const expected of expectedArrays(study)) {
    if (skip.has(expected.item)) continue;
    const problem = await checkArray(study, expected);
    if (problem !== undefined) problems.push(problem);
  }
  return [...problems, ...checkHashes(study)];
}

function* expectedArrays(study: Study): Generator<Expected> {
  for (const volume of study.volumes.list()) {
    const { id, slices, rows, columns, coils } = volume;
    const shape = [slices, rows, columns];
    yield { item: id, path: `volumes/${id}/${IMAGE_FILE}`, dtype: 'complex64', shape };
    yield { item: id, path: `volumes/${id}/${MASK_FILE}`, dtype: 'bool', shape };
    const kept = keptCoilSlices(volume);
    for (const file of kept.length === 0 ? [] : Object.values(COIL_FILES)) {
      const ofCoils = [kept.length, coils ?? 0, rows, columns];
      yield { item: id, path: `volumes/${id}/${file}`, dtype: 'complex64', shape: ofCoils };
    }
  }
  for (const { id, size } of study.patchSets.list()) {
    const counts = study.patchSets.counts(id);
    for (const split of SPLITS) {
      yield { item: id, path: `patches/${id}/${split}.npy`, dtype: 'float32', shape: [counts[split], 2, size, size] };
    }
  }
}

async function checkArray(study: Study, { item, path, dtype, shape }: Expected): Promise<Problem | undefined> {
  try {
    const reader = await openNpy(study.layout.at(path));
    await reader.close();
    if (reader.dtype === dtype && String(reader.shape) === String(shape)) return undefined;
    const found = `${reader.dtype} (${reader.shape.join(', ')})`;
    const sentence = `${path} should be ${dtype} (${shape.join(', ')}) and is ${found}.`;
    return { code: 'array-shape', item, path, sentence };
  } catch (thrown) {
    return { code: 'array-unreadable', item, path, sentence: asIsochromatError(thrown, path).message };
  }
}

/** The hash of an item against those of its files. A run grows: its hash is that of its configuration. */
function checkHashes(study: Study): Problem[] {
  return study.catalogue
    .all<{ id: string; sha256: string }>(
      `SELECT id, sha256 FROM items WHERE deleted IS NULL AND path IS NOT NULL AND kind <> 'run'`,
    )
    .filter(({ id, sha256 }) => digestOf(study.items.files(id)) !== sha256)
    .map(({ id }) => ({
      code: 'item-hash',
      item: id,
      path: null,
      sentence: `The hash of ${id} does not follow from the hashes of its files.`,
    }));
}
