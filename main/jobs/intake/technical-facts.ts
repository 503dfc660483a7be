import type { VolumeGeometry } from '../../formats/volume-geometry.ts';

/**
 * Everything that the study keeps of a header: this list is the allow-list. Numbers, and texts out of closed lists or of our own
 * wording; no free text, no dates, no identifiers. Where a header holds more, it is not read, or not passed on.
 */
export interface TechnicalFacts {
  /** `SIEMENS`, `Philips` … out of a closed list. */
  vendor: string | null;
  /** Name of the scanner's model where it looks like one. */
  model: string | null;
  /** Tesla. */
  fieldStrength: number | null;
  /** Milliseconds; degrees. One a contrast. */
  repetitionTimes: readonly number[];
  echoTimes: readonly number[];
  inversionTimes: readonly number[];
  flipAngles: readonly number[];
  /** Acceleration along the phase encoding; 1 = fully sampled, or not known. */
  acceleration: number;
  /** Millimetres between rows and between columns of the original image. */
  originalPixelSpacing: readonly [number, number] | null;
  /** Where the original image lies in the patient. */
  geometry: VolumeGeometry | null;
  /** The header says that identifying text is drawn into the pixels. */
  burnedInAnnotation: boolean;
  /** What the values are, in our words: "milliradians (Philips)". */
  phaseUnits: string | null;
}

export const NO_FACTS: TechnicalFacts = {
  vendor: null,
  model: null,
  fieldStrength: null,
  repetitionTimes: [],
  echoTimes: [],
  inversionTimes: [],
  flipAngles: [],
  acceleration: 1,
  originalPixelSpacing: null,
  geometry: null,
  burnedInAnnotation: false,
  phaseUnits: null,
};

const VENDORS: readonly (readonly [RegExp, string])[] = [
  [/^siemens/i, 'Siemens'],
  [/^philips/i, 'Philips'],
  [/^ge\b|^general electric/i, 'GE'],
  [/^canon|^toshiba/i, 'Canon'],
  [/^uih|united imaging/i, 'United Imaging'],
  [/^hitachi|^fujifilm/i, 'Fujifilm'],
  [/^bruker/i, 'Bruker'],
  [/^isochromat/i, 'Isochromat'],
];

/** A manufacturer out of the closed list; anything else could be anything. */
export function knownVendor(manufacturer: string | undefined): string | null {
  const text = manufacturer?.trim() ?? '';
  return VENDORS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** Model names as vendors write them: short, one or two words and a number. Institutions that write theirs here use more. */
export function knownModel(vendor: string | null, model: string | undefined): string | null {
  const text = model?.trim() ?? '';
  return vendor !== null && /^[A-Za-z][\w+./-]{0,19}( [\w+./-]{1,12}){0,2}$/.test(text) ? text : null;
}

/** Vendor, model and field strength: which scanner, not which hospital. */
export function scannerOf({ vendor, model, fieldStrength }: TechnicalFacts): string | null {
  const parts = [vendor, model, fieldStrength === null ? null : `${fieldStrength.toFixed(1)} T`];
  return parts.filter((part) => part !== null).join(' ') || null;
}
