// Volume → patches. Pure functions of arrays; the job that reads and stores is jobs/patches.ts.
export { cutPatch, interleave, planar } from './cut.ts';
export { extractPositions, patchesPerBox } from './extract.ts';
export type { FindingBox, PatchPosition, PatchSource } from './extract.ts';
export { centralPositions, gridPositions } from './grid.ts';
export { resizeBox } from './boxes.ts';
export { checkPatchSettings, DEFAULT_PATCH_SETTINGS } from './settings.ts';
export type { PatchSettings } from './settings.ts';
export { DEFAULT_SPLIT_SETTINGS, splitVolumes } from './split.ts';
export type { SplitSettings, SplitVolume } from './split.ts';
