import { basename } from 'node:path';

/** What an image is a part of: a complex image, or one of the components of one. */
export type NiftiPart = 'magnitude' | 'phase' | 'real' | 'imaginary' | 'complex' | 'phase difference' | 'field map';

/** Name of the whole that an image is a part of, and which part it is. */
export interface NamedPart {
  /** The same for all parts of one acquisition. */
  stem: string;
  /** Undefined when the name does not say; such an image is a magnitude. */
  part: NiftiPart | undefined;
}

/** How names say it: BIDS' entity `part-…`, its field map suffixes, and dcm2niix' endings. */
const PATTERNS: readonly (readonly [RegExp, NiftiPart, string])[] = [
  [/_part-mag(?=_|$)/i, 'magnitude', ''],
  [/_part-phase(?=_|$)/i, 'phase', ''],
  [/_part-real(?=_|$)/i, 'real', ''],
  [/_part-imag(?=_|$)/i, 'imaginary', ''],
  [/_phasediff$/i, 'phase difference', '_phasediff'],
  [/_fieldmap(hz)?$/i, 'field map', '_fieldmap'],
  [/_magnitude([12]?)$/i, 'magnitude', '$1'],
  [/_phase([12]?)$/i, 'phase', '$1'],
  [/_(mag)$/i, 'magnitude', ''],
  [/_(ph|phMag)$/i, 'phase', ''],
  [/_real$/i, 'real', ''],
  [/_imag(inary)?$/i, 'imaginary', ''],
];

/** Reads which part of what an image is from its file's name. */
export function partByName(path: string): NamedPart {
  const name = basename(path).replace(/\.nii(\.gz)?$/i, '');
  for (const [pattern, part, rest] of PATTERNS) {
    if (pattern.test(name)) return { stem: name.replace(pattern, rest), part };
  }
  return { stem: name, part: undefined };
}

/** Reads which part an image is from dcm2niix' `ImageType`, for names that do not say. */
export function partByImageType(imageType: readonly string[]): NiftiPart | undefined {
  const tokens = imageType.map((token) => token.toUpperCase());
  if (tokens.some((token) => ['PHASE DIFFERENCE', 'PHASEDIFF'].includes(token))) return 'phase difference';
  if (tokens.some((token) => ['P', 'PHASE', 'PHASE MAP'].includes(token))) return 'phase';
  if (tokens.some((token) => ['R', 'REAL'].includes(token))) return 'real';
  if (tokens.some((token) => ['I', 'IMAGINARY', 'IMAG'].includes(token))) return 'imaginary';
  return tokens.some((token) => ['M', 'MAGNITUDE'].includes(token)) ? 'magnitude' : undefined;
}
