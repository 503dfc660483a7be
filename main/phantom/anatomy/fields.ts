/**
 * The fields that describe a head at one place: signed distances (mm, negative inside unless said) and smooth modulators.
 * They vary slowly, so they are evaluated on a grid of about 1.4 mm and interpolated to the pixels; everything sharp is
 * made from them per pixel (`tissue-mixture.ts`).
 */
export const FIELDS = [
  'x', // template place in mm: left positive …
  'y', // … anterior positive …
  'z', // … superior positive; the origin is the anterior commissure
  'skin', // outer surface of the head
  'cavity', // inner table of the skull
  'tentorium', // positive above the tentorium: the cerebrum's side
  'midline', // signed distance from the falx
  'arch', // positive outside the arch of the corpus callosum, where the falx hangs
  'depth', // depth below the cerebral hull, in which sulci are measured; positive inside
  'sulcus', // signed distance from the nearest primary sulcal sheet
  'sulcusReach', // depth minus the depth of that sulcus: the sheet ends where it is positive
  'fold', // the same for secondary folds
  'foldReach',
  'insula', // signed distance from the cistern over the insula
  'insulaReach',
  'sylvian', // signed distance from the stem of the Sylvian fissure
  'sylvianReach',
  'brainstem',
  'cerebellum',
  'folium', // arc length across the cerebellar folia, mm
  'ventricle', // all ventricles
  'choroid',
  'caudate',
  'putamen',
  'pallidum',
  'thalamus',
  'nigra', // substantia nigra, red and dentate nuclei
  'hippocampus',
  'artery',
  'vein',
  'sinus', // dural venous sinuses
  'orbit', // fat of the orbit
  'globe', // eyeball
  'strand', // extraocular muscles and optic nerve
  'air', // paranasal sinuses, nose, mastoid
  'baseBone', // petrous bone, clivus, sphenoid
  'thickness', // modulator, about −1 … 1: cortical, bone and scalp thickness
  'texture', // modulator, about −1 … 1: intensity and facial tissue
] as const;

export type FieldName = (typeof FIELDS)[number];
export const FIELD_COUNT = FIELDS.length;

/** Index of each field. */
export const FIELD = Object.fromEntries(FIELDS.map((name, index) => [name, index])) as Record<FieldName, number>;
