import { IsochromatError } from '../../domain/errors.ts';
import type { Sequence } from '../../domain/sequences.ts';
import type { NumberedVolume } from './find.ts';

/** One of the volumes that a scan found. A file can hold several: its files and its number among those of the same files name it. */
export interface VolumeChoice {
  files: readonly string[];
  index: number;
  /** Rather than what the files say. */
  sequence?: Sequence | undefined;
}

export interface ChosenVolume {
  volume: NumberedVolume;
  sequence: Sequence | undefined;
}

/** Those of the found volumes that were chosen, each with the sequence that was said of it, and the choices that are not among them. */
export function chosenVolumes(
  found: readonly NumberedVolume[],
  choices: readonly VolumeChoice[],
): { chosen: ChosenVolume[]; missing: VolumeChoice[] } {
  const asked = new Map(choices.map((choice) => [nameOf(choice), choice]));
  const chosen = found.flatMap((volume): ChosenVolume[] => {
    const choice = asked.get(nameOf(volume));
    asked.delete(nameOf(volume));
    return choice === undefined ? [] : [{ volume, sequence: choice.sequence }];
  });
  return { chosen, missing: [...asked.values()] };
}

/** Its files were looked at before, and hold something else now. */
export function notFoundAgain(path: string): IsochromatError {
  return new IsochromatError({
    code: 'volume-changed',
    sentence: 'This volume is no longer what was found: its files changed since they were looked at.',
    subject: path,
    remedy: 'Look through the folder again.',
  });
}

function nameOf({ files, index }: Pick<VolumeChoice, 'files' | 'index'>): string {
  return [...files.toSorted(), index].join('\n');
}
