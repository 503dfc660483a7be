import { SEQUENCES } from '../domain/sequences.ts';
import { compareImages } from '../evaluation/reconstruction.ts';
import type { ReconstructionExample } from '../report/report-data.ts';
import type { Study } from '../study/index.ts';
import { reconstructPatches } from '../synthesis/decode.ts';
import { subset } from '../training/dataset.ts';
import { imageAt } from './evaluate-reconstruction.ts';
import { openModelPatches, requirePatchSet } from './patch-data.ts';
import { loadAutoencoder } from './trained-models.ts';
import type { ModelWork } from './work.ts';

/** One held-out test patch of each sequence, the middle one of its list, before and after the autoencoder. */
export async function reconstructionExamples(study: Study, work: ModelWork): Promise<ReconstructionExample[]> {
  const autoencoder = await loadAutoencoder(study);
  const size = autoencoder.model.description.patchSize;
  const patches = await openModelPatches(study, requirePatchSet(study).id, 'test', size);
  try {
    const chosen = SEQUENCES.flatMap((sequence) => {
      const members = patches.patches.flatMap((patch, i) => (patch.sequence === sequence ? [i] : []));
      return members.length === 0 ? [] : [members[Math.floor(members.length / 2)]!];
    });
    const shown = subset(patches, (i) => chosen.includes(i));
    const decoded = await reconstructPatches(autoencoder.model, shown, work);
    const indices = [...chosen].sort((a, b) => a - b);
    return indices.map((index, i) => {
      const { sequence, volume, slice } = patches.patches[index]!;
      const target = imageAt(shown.read([i]), 0, size);
      const reconstruction = imageAt(decoded, i, size);
      return {
        name: `${sequence} · ${study.volumes.get(volume).name} · slice ${slice + 1}`,
        target,
        reconstruction,
        metrics: compareImages(reconstruction, target),
      };
    });
  } finally {
    patches.close();
  }
}
