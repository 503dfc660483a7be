import type { ErrorDetails } from '../../domain/errors.ts';
import type { NiftiReading } from './inspect.ts';

/** One complex (or magnitude-only) volume and the files that it is made of. Survives a structured clone. */
export interface NiftiVolume {
  /** What its values are formed from. */
  basis: 'complex' | 'real+imaginary' | 'magnitude+phase' | 'magnitude';
  /** The files of the basis, by part. */
  parts: Partial<Record<NiftiReading['part'], NiftiReading>>;
  /** Which of the images in 4-D files, from 0. */
  volume: number;
  rows: number;
  columns: number;
  slices: number;
}

/** A file that takes no part in a volume, and why. */
export type NiftiRefusal = Omit<ErrorDetails, 'cause'> & { subject: string };

/**
 * Puts parts of the same acquisition together: files of one folder whose names differ only in the part, with the same
 * matrix and place. Real and imaginary are preferred to magnitude and phase, which are rounded. The order of the readings
 * plays no part.
 */
export function pairNifti(readings: readonly NiftiReading[]): { volumes: NiftiVolume[]; refused: NiftiRefusal[] } {
  const groups = new Map<string, NiftiReading[]>();
  for (const reading of [...readings].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const key = JSON.stringify([reading.folder, reading.stem]);
    groups.set(key, [...(groups.get(key) ?? []), reading]);
  }
  const volumes: NiftiVolume[] = [];
  const refused: NiftiRefusal[] = [];
  for (const group of groups.values()) {
    const parts: NiftiVolume['parts'] = {};
    for (const reading of group) {
      const other = parts[reading.part];
      if (other === undefined) parts[reading.part] = reading;
      else refused.push(twice(reading, other));
    }
    pairGroup(parts, volumes, refused);
  }
  return { volumes, refused };
}

function pairGroup(parts: NiftiVolume['parts'], volumes: NiftiVolume[], refused: NiftiRefusal[]): void {
  const { complex, real, imaginary, magnitude, phase } = parts;
  const notNeeded = (basis: string, others: (NiftiReading | undefined)[]): void => {
    refused.push(...others.filter((other) => other !== undefined).map((other) => superfluous(other, basis)));
  };
  if (complex !== undefined) {
    volumes.push(...each('complex', { complex }));
    notNeeded('complex image', [real, imaginary, magnitude, phase]);
  } else if (real !== undefined && imaginary !== undefined && fits(real, imaginary, refused)) {
    volumes.push(...each('real+imaginary', { real, imaginary }));
    notNeeded('real and imaginary images', [magnitude, phase]);
  } else {
    // Where both are there, the one was refused for the other.
    if (real !== undefined && imaginary !== undefined) fits(imaginary, real, refused);
    else refused.push(...[real, imaginary].filter((lonely) => lonely !== undefined).map(alone));
    if (magnitude === undefined) refused.push(...(phase === undefined ? [] : [alone(phase)]));
    else if (phase !== undefined && fits(magnitude, phase, refused))
      volumes.push(...each('magnitude+phase', { magnitude, phase }));
    else volumes.push(...each('magnitude', { magnitude }));
  }
}

function each(basis: NiftiVolume['basis'], parts: NiftiVolume['parts']): NiftiVolume[] {
  const { rows, columns, slices, volumes } = Object.values(parts)[0]!;
  return Array.from({ length: volumes }, (_, volume) => ({ basis, parts, volume, rows, columns, slices }));
}

/** Whether two parts are of the same voxels; when not, the second is refused. */
function fits(one: NiftiReading, other: NiftiReading, refused: NiftiRefusal[]): boolean {
  const shape = (reading: NiftiReading): string =>
    [reading.columns, reading.rows, reading.slices, reading.volumes].join(' × ');
  const near = (a: readonly number[], b: readonly number[]): boolean =>
    a.every((value, i) => Math.abs(value - b[i]!) < 0.01);
  const place = ({ geometry }: NiftiReading): number[] =>
    geometry === null ? [] : [...geometry.along, ...geometry.down, ...geometry.origin];
  const [here, there] = [place(one), place(other)];
  const samePlace = here.length !== there.length || near(here, there);
  if (shape(one) === shape(other) && samePlace && near(one.pixelSpacing, other.pixelSpacing)) return true;
  refused.push({
    code: 'nifti-parts-differ',
    sentence: `The ${other.part} image does not belong to the ${one.part} image of the same name: they are not of the same voxels.`,
    subject: other.path,
    expected: `${shape(one)} voxels at the same place`,
    found: `${shape(other)} voxels`,
    remedy: 'Export both from the same acquisition, without registering or cropping one of them.',
  });
  return false;
}

function twice(reading: NiftiReading, other: NiftiReading): NiftiRefusal {
  return {
    code: 'nifti-part-twice',
    sentence: `There is another ${reading.part} image of the same name.`,
    subject: reading.path,
    found: other.path,
    remedy: 'Keep one of them.',
  };
}

function alone(reading: NiftiReading): NiftiRefusal {
  const partner = { real: 'imaginary', imaginary: 'real', phase: 'magnitude' }[reading.part as 'real'] ?? 'other';
  return {
    code: 'nifti-part-alone',
    sentence: `The ${partner} image that belongs to this ${reading.part} image is missing.`,
    subject: reading.path,
    expected: `a file of the same name with the part "${partner}"`,
    remedy: 'Export it too, into the same folder.',
  };
}

function superfluous(reading: NiftiReading, basis: string): NiftiRefusal {
  return {
    code: 'nifti-part-not-needed',
    sentence: `This ${reading.part} image is not needed: the ${basis} of the same name hold${basis.endsWith('s') ? '' : 's'} all that it shows.`,
    subject: reading.path,
  };
}
