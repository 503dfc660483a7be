import type { RefusedFrames } from './stacks.ts';

/** What to do about images that form no volume, by the code of their refusal. Nothing is to be done about those that are no images of the signal. */
const REMEDIES: Record<string, string> = {
  'dicom-mosaic': 'Convert it with dcm2niix, which takes the slices apart, and import the NIfTI files.',
  'dicom-no-partner': 'Export the images of the missing component too, if the scanner kept them.',
  'dicom-incomplete-pair': 'Export both components again, with all of their slices.',
  'dicom-ambiguous-pairing': 'Import them from a folder that holds one acquisition only.',
  'dicom-missing-slices': 'Export the series again, with all of its slices.',
  'dicom-no-positions': 'Export it from the archive, where it still says where its slices lie.',
  'dicom-duplicate-slices':
    'Put the images of each acquisition into a folder of their own, and import one after the other.',
  'dicom-unknown-phase-units': 'Export the phase in radians, milliradians or in the units of its vendor.',
  'dicom-unknown-zero': 'Export them as signed numbers, or with their rescale tags.',
};

export function withRemedy(refused: RefusedFrames): RefusedFrames {
  const remedy = REMEDIES[refused.code];
  return remedy === undefined ? refused : { ...refused, reason: `${refused.reason} ${remedy}` };
}
