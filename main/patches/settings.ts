import { IsochromatError } from '../domain/errors.ts';

/** How patches are taken from volumes. */
export interface PatchSettings {
  /** Side of the square patches in pixels. */
  size: number;
  /** At least this share of a patch's pixels lies in the brain mask. */
  minimumBrain: number;
  /** intersection / min(box area, patch area) of a patch that counts as showing the finding in a box. */
  minimumOverlap: number;
  /** Patches of a volume, by what they show. */
  perVolume: {
    /** Around boxes, all boxes of a volume together: no fewer (positions permitting) and no more. */
    abnormal: { minimum: number; maximum: number };
    /** From abnormal volumes, touching no box of any label. */
    normalBesideBoxes: number;
    normal: number;
    unlabeled: number;
  };
  /** Patches of a box: `base`, and `perPatchArea` more for each patch area that the box covers. */
  perBox: { base: number; perPatchArea: number };
}

/** The paper's rules; numbers of patches within its 10 to 53 a volume. */
export const DEFAULT_PATCH_SETTINGS: PatchSettings = {
  size: 96,
  minimumBrain: 0.8,
  minimumOverlap: 0.25,
  perVolume: { abnormal: { minimum: 10, maximum: 40 }, normalBesideBoxes: 15, normal: 30, unlabeled: 15 },
  perBox: { base: 4, perPatchArea: 16 },
};

const MOST_PATCHES = 10_000;

/**
 * Refuses settings that make no sense, each by its name.
 * @throws IsochromatError `patch-settings`
 */
export function checkPatchSettings(settings: PatchSettings): PatchSettings {
  const { size, minimumBrain, minimumOverlap, perVolume, perBox } = settings;
  const { abnormal, normalBesideBoxes, normal, unlabeled } = perVolume;
  const whole = (value: number, low: number, high: number): boolean =>
    Number.isInteger(value) && value >= low && value <= high;
  const share = (value: number): boolean => value >= 0 && value <= 1;
  const rules: [string, boolean, string, unknown][] = [
    ['size', whole(size, 8, 1024), 'a whole number from 8 to 1024', size],
    ['minimumBrain', share(minimumBrain), 'a share from 0 to 1', minimumBrain],
    ['minimumOverlap', share(minimumOverlap) && minimumOverlap > 0, 'a share above 0, at most 1', minimumOverlap],
    ...Object.entries({ ...abnormal, normalBesideBoxes, normal, unlabeled }).map(
      ([name, value]): [string, boolean, string, unknown] => [
        `perVolume ${name}`,
        whole(value, 0, MOST_PATCHES),
        `a whole number from 0 to ${MOST_PATCHES}`,
        value,
      ],
    ),
    ['perVolume abnormal', abnormal.minimum <= abnormal.maximum, 'minimum ≤ maximum', JSON.stringify(abnormal)],
    ['perBox base', whole(perBox.base, 0, MOST_PATCHES), 'a whole number, not negative', perBox.base],
    [
      'perBox perPatchArea',
      perBox.perPatchArea >= 0 && perBox.perPatchArea <= MOST_PATCHES,
      'a number, not negative',
      perBox.perPatchArea,
    ],
  ];
  for (const [name, holds, expected, found] of rules) {
    if (holds) continue;
    throw new IsochromatError({
      code: 'patch-settings',
      sentence: `The patch setting "${name}" makes no sense.`,
      expected,
      found: String(found),
    });
  }
  return settings;
}
