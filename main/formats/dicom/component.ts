import type { DicomFrame } from './frame.ts';

export const COMPONENTS = ['magnitude', 'phase', 'real', 'imaginary'] as const;
export type Component = (typeof COMPONENTS)[number];

/** Why an image takes no part in complex volumes. */
export interface KeptOut {
  code: string;
  /** A sentence for the person who exported it. */
  reason: string;
}

export type Classification = { component: Component; derived: boolean } | { keptOut: KeptOut };

const MR_CLASSES = new Set([
  '1.2.840.10008.5.1.4.1.1.4', // MR Image Storage
  '1.2.840.10008.5.1.4.1.1.4.1', // Enhanced MR
  '1.2.840.10008.5.1.4.1.1.4.4', // Legacy Converted Enhanced MR
]);

const OTHER_CLASSES: Record<string, string> = {
  '1.2.840.10008.5.1.4.1.1.2': 'a CT image',
  '1.2.840.10008.5.1.4.1.1.7': 'a secondary capture (a screen picture)',
  '1.2.840.10008.5.1.4.1.1.4.2': 'MR spectroscopy',
  '1.2.840.10008.5.1.4.1.1.11.1': 'a presentation state',
  '1.2.840.10008.5.1.4.1.1.88.11': 'a structured report',
  '1.2.840.10008.5.1.4.1.1.88.22': 'a structured report',
  '1.2.840.10008.5.1.4.1.1.104.1': 'a document (PDF)',
  '1.2.840.10008.5.1.4.1.1.66': 'raw data of the scanner',
  '1.2.840.10008.5.1.4.1.1.66.4': 'a segmentation',
  '1.2.840.10008.5.1.4.1.1.481.1': 'a radiotherapy image',
  '1.2.840.10008.5.1.4.1.1.481.3': 'a set of radiotherapy structures',
  '1.2.840.10008.5.1.4.1.1.481.5': 'a radiotherapy plan',
  '1.2.840.10008.5.1.4.1.1.481.2': 'a radiotherapy dose',
  '1.2.840.10008.1.3.10': 'a directory of files (DICOMDIR)',
};

/** What an image type token says, by vendor habit: Siemens `M`, Philips `M_FFE` and `PHASE MAP`, UIH and Canon `M`, `P`. */
const TOKENS: readonly (readonly [RegExp, Component])[] = [
  [/^(M|M_\w+|MAG|MAGNITUDE)$/, 'magnitude'],
  [/^(P|P_\w+|PHASE|PHASE MAP|PHASE_MAP)$/, 'phase'],
  [/^(R|R_\w+|REAL)$/, 'real'],
  [/^(I|I_\w+|IMAGINARY|IMAG)$/, 'imaginary'],
];

/**
 * Which component of a complex image a frame holds, from its own header. What only its neighbours can tell (a phase
 * difference, a duplicate) is decided where series are put together.
 */
export function classify(frame: DicomFrame): Classification {
  if (!MR_CLASSES.has(frame.sopClass) && frame.sopClass !== '') {
    const what = OTHER_CLASSES[frame.sopClass] ?? `an object of another kind (${frame.modality || frame.sopClass})`;
    return keptOut('dicom-not-mr', `This is ${what}, not an MR image.`);
  }
  if (frame.sopClass === '' && frame.modality !== 'MR') {
    return keptOut('dicom-not-mr', 'The file does not say that it is an MR image.');
  }
  const type = frame.imageType;
  if (type.includes('MOSAIC') || type.includes('VFRAME')) {
    return keptOut('dicom-mosaic', 'Several slices are tiled in one image (mosaic); such series cannot be imported.');
  }
  if (type[1] === 'SECONDARY' && type[0] === 'DERIVED') {
    return keptOut('dicom-secondary', 'This image was made from other images on a workstation.');
  }
  if (type.some((token) => /^B0( MAP)?$|^FIELD ?MAP$/.test(token)) || frame.rescale?.type.toUpperCase() === 'HZ') {
    return keptOut('dicom-field-map', 'This is a field map in Hz, not an image of the signal.');
  }
  if (type.some((token) => /^PHASE_?DIFF/.test(token)) || isFieldMappingPhase(frame)) {
    return keptOut('dicom-phase-difference', 'This is a phase difference between echoes, not the phase of an image.');
  }
  const component = componentOf(frame);
  if (component === undefined) {
    return keptOut('dicom-unknown-component', `The image type ${type.join('\\')} does not say what the image shows.`);
  }
  const derived = type[0] === 'DERIVED';
  if (derived && component !== 'magnitude') {
    return keptOut('dicom-derived', `This ${component} image was derived from others; its phase is not as measured.`);
  }
  return { component, derived };
}

function componentOf(frame: DicomFrame): Component | undefined {
  const stated = COMPONENTS.find((component) => component.toUpperCase() === frame.complexComponent);
  if (stated !== undefined) return stated;
  if (frame.manufacturer.toUpperCase().startsWith('GE') && frame.geImageKind !== undefined) {
    return COMPONENTS[frame.geImageKind];
  }
  for (const token of [...frame.imageType.slice(2), frame.philipsImageKind]) {
    const found = TOKENS.find(([pattern]) => pattern.test(token));
    if (found !== undefined) return found[1];
  }
  // Where only the name of the series speaks of phase, nothing says for certain what this is.
  return /(^|[^a-z])(phase|imaginary)([^a-z]|$)/i.test(frame.seriesDescription) ? undefined : 'magnitude';
}

/** Siemens' field-map protocol stores as `P` the difference of its two echoes. */
function isFieldMappingPhase(frame: DicomFrame): boolean {
  const phase = frame.complexComponent === 'PHASE' || frame.imageType[2] === 'P';
  const named = /gre_field_mapping/i.test(`${frame.protocol} ${frame.seriesDescription}`);
  return (
    phase && frame.manufacturer.toUpperCase().startsWith('SIEMENS') && (named || /^\*?fm2d/i.test(frame.sequenceName))
  );
}

function keptOut(code: string, reason: string): Classification {
  return { keptOut: { code, reason } };
}
