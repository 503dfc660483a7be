import { dirname } from 'node:path';
import { IsochromatError } from '../../domain/errors.ts';
import { partByImageType, partByName } from './part.ts';
import type { NiftiPart } from './part.ts';
import { detectPhaseUnits } from './phase-units.ts';
import type { PhaseUnits } from '../phase-units.ts';
import { openNifti } from './read.ts';
import type { NiftiFile } from './read.ts';
import { readSidecar } from './sidecar.ts';
import type { NiftiSidecar } from './sidecar.ts';

/** What one NIfTI file holds, for pairing with others. Survives a structured clone. */
export interface NiftiReading {
  path: string;
  part: NiftiPart;
  /** The same for all parts of one acquisition in one folder. */
  stem: string;
  folder: string;
  rows: number;
  columns: number;
  slices: number;
  volumes: number;
  datatype: string;
  pixelSpacing: readonly [number, number];
  geometry: NiftiFile['geometry'];
  sidecar: NiftiSidecar;
  /** Of a phase image. */
  phaseUnits: PhaseUnits | undefined;
}

/**
 * Reads what a NIfTI file is. Of phase images every value is looked at once, to know what they mean.
 * @throws IsochromatError `nifti-…`; `nifti-phase-difference`, `nifti-field-map` for images that are no part of a complex one
 */
export async function inspectNifti(path: string): Promise<NiftiReading> {
  const file = await openNifti(path);
  const sidecar = await readSidecar(path);
  const { stem, part: named } = partByName(path);
  const part = file.complex ? 'complex' : (named ?? partByImageType(sidecar.imageType) ?? 'magnitude');
  if (part === 'phase difference' || part === 'field map') {
    throw new IsochromatError({
      code: part === 'field map' ? 'nifti-field-map' : 'nifti-phase-difference',
      sentence: `This is a ${part === 'field map' ? 'map of the magnetic field' : 'difference of two phases'}, not the phase of an image.`,
      subject: path,
    });
  }
  const { rows, columns, slices, volumes, datatype, pixelSpacing, geometry } = file;
  const phaseUnits = part === 'phase' ? detectPhaseUnits(await rangeOf(file), sidecar.units, path) : undefined;
  const folder = dirname(path);
  return {
    path,
    part,
    stem,
    folder,
    rows,
    columns,
    slices,
    volumes,
    datatype,
    pixelSpacing,
    geometry,
    sidecar,
    phaseUnits,
  };
}

async function rangeOf(file: NiftiFile): Promise<{ lowest: number; highest: number }> {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let volume = 0; volume < file.volumes; volume++) {
    for await (const values of file.readSlices(volume)) {
      for (const value of values) {
        if (value < lowest) lowest = value;
        if (value > highest) highest = value;
      }
    }
  }
  return { lowest, highest };
}
