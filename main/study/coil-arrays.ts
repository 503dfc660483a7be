import { join } from 'node:path';
import type { ComplexArray } from '../domain/complex.ts';
import { NpyWriter, openNpy } from '../formats/npy.ts';
import type { NpyData } from '../formats/npy.ts';
import type { CoilArrayFacts } from './array-facts.ts';
import type { Study } from './study.ts';

/** The two arrays that a volume has of its coils, and the names of their files. */
export const COIL_FILES = { coils: 'coils.npy', sensitivities: 'sensitivities.npy' } as const;
export type CoilArray = keyof typeof COIL_FILES;

/** Writes coil images and sensitivities into the folder that their volume is staged in, slice by slice. */
export class CoilArraysWriter {
  /** The slices that were written. */
  readonly slices: number[] = [];
  private readonly folder: string;
  private readonly writers = new Map<CoilArray, NpyWriter>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @param coils, sensitivities `[coils, rows, columns]`, alike for all slices */
  async add(slice: number, coils: ComplexArray, sensitivities: ComplexArray): Promise<void> {
    await this.append('coils', coils);
    await this.append('sensitivities', sensitivities);
    this.slices.push(slice);
  }

  async close(): Promise<void> {
    for (const writer of this.writers.values()) await writer.close();
  }

  async abort(): Promise<void> {
    for (const writer of this.writers.values()) await writer.abort();
  }

  private async append(array: CoilArray, { shape, data }: ComplexArray): Promise<void> {
    let writer = this.writers.get(array);
    if (writer === undefined) {
      writer = await NpyWriter.create(join(this.folder, COIL_FILES[array]), { dtype: 'complex64', rowShape: shape });
      this.writers.set(array, writer);
    }
    await writer.append(data as NpyData);
  }
}

/**
 * One coil's image or sensitivity of a slice that is kept, `[rows, columns]` interleaved; memory holds the coils of that slice.
 * @param position of the slice among the kept ones
 */
export async function readCoil(
  study: Study,
  volume: string,
  array: CoilArray,
  { rows, columns }: CoilArrayFacts,
  position: number,
  coil: number,
): Promise<Float32Array> {
  const file = await openNpy(study.layout.at(`volumes/${volume}/${COIL_FILES[array]}`));
  try {
    const { data } = await file.read(position, 1);
    const length = 2 * rows * columns;
    return (data as Float32Array).slice(coil * length, (coil + 1) * length);
  } finally {
    await file.close();
  }
}
