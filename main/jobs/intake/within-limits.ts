import { IsochromatError, reasonOf } from '../../domain/errors.ts';
import { fitsInMemory, IMAGE_LIMIT, MOST_SLICES } from '../../formats/image-limits.ts';
import type { Findings, FoundVolume, Refusal } from './handler.ts';

/** Takes out the volumes that would fill the memory when they are converted, each of their files with the reason. */
export function withinLimits(volumes: readonly FoundVolume[]): Findings {
  const kept: FoundVolume[] = [];
  const refused = new Map<string, Refusal>();
  for (const volume of volumes) {
    const { slices, rows, columns, files } = volume;
    if (slices <= MOST_SLICES && fitsInMemory(rows, columns)) kept.push(volume);
    else for (const path of files) refused.set(path, refusal(path, volume));
  }
  return { volumes: kept, refused: [...refused.values()] };
}

function refusal(path: string, { slices, rows, columns }: FoundVolume): Refusal {
  const error = new IsochromatError({
    code: 'volume-too-large',
    sentence: `This volume is larger than any scan of a head: at most ${MOST_SLICES} slices are read, ${IMAGE_LIMIT}.`,
    found: `${slices} slices of ${rows} × ${columns}`,
    remedy: 'Where it is a scan all the same, export it in parts of fewer slices.',
  });
  return { path, code: error.code, reason: reasonOf(error) };
}
