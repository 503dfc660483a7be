/** How patches are taken from volumes, as the engine takes it. */
export interface PatchSettings {
  size: number;
  minimumBrain: number;
  minimumOverlap: number;
  perVolume: {
    abnormal: { minimum: number; maximum: number };
    normalBesideBoxes: number;
    normal: number;
    unlabeled: number;
  };
  perBox: { base: number; perPatchArea: number };
}
