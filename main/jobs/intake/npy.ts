import { basename } from 'node:path';
import type { ComplexImage } from '../../domain/complex.ts';
import { IsochromatError } from '../../domain/errors.ts';
import { openNpy } from '../../formats/npy.ts';
import type { NpyData } from '../../formats/npy.ts';
import { guessSequence } from '../../formats/sequence-guess.ts';
import { prepareComplexSlices } from '../../recon/index.ts';
import type { FormatHandler, FoundVolume } from './handler.ts';
import { pairNothing } from './single-files.ts';
import { NO_FACTS } from './technical-facts.ts';

const LARGEST = { slices: 4096, side: 8192 } as const;
const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
/** Share of the energy within an eighth of the matrix around its centre: an image has some per cent there, k-space nearly all. */
const KSPACE_SHARE = 0.6;

/** A complex array `(slices, rows, columns)` or `(rows, columns)` in numpy's format: images that were reconstructed elsewhere. */
export const npy: FormatHandler<FoundVolume> = {
  format: 'npy',
  title: 'complex array (.npy)',
  endings: /\.npy$/i,
  recognises: (start) => MAGIC.equals(start.subarray(0, MAGIC.length)),

  async read({ path }) {
    const { shape, middle } = await look(path);
    if (looksLikeKspace(middle)) {
      throw new IsochromatError({
        code: 'npy-is-kspace',
        sentence: 'This array looks like k-space, not like images.',
        subject: path,
        expected: 'complex images, their energy spread over the matrix',
        found: `shape (${shape.join(', ')}) with nearly all energy at the centre`,
        remedy: 'Reconstruct it first, or give k-space in the fastMRI layout.',
      });
    }
    const [slices, rows, columns] = shape as [number, number, number];
    const name = basename(path).replace(/\.[^.]*$/, '');
    return {
      format: 'npy',
      sequence: guessSequence({ names: [name.match(/AX(FLAIR|T1POST|T1PRE|T1|T2)/i)?.[0] ?? name] }, 'name'),
      components: ['real', 'imaginary'],
      pairing: 'complex numbers',
      hasPhase: true,
      slices,
      rows,
      columns,
      coils: null,
      files: [path],
      facts: NO_FACTS,
      identity: { patient: null, name, study: null, series: null },
      notes: ['Nothing says where the slices lie in the patient.'],
      order: '',
      source: null,
    };
  },

  pair: pairNothing,

  async convert({ files, slices }, context, { only = [...Array(slices).keys()] } = {}) {
    const prepared = await prepareComplexSlices(only.length, imagesOf(files[0]!, only), {}, context);
    return { ...prepared, reconstruction: null };
  },

  // Numbers and their shape: only the name of the file can say whom it is of.
  identify: () => Promise.resolve([]),
};

async function* imagesOf(path: string, slices: readonly number[]): AsyncGenerator<ComplexImage> {
  const array = await openNpy(path);
  try {
    const [rows, columns] = array.shape.slice(-2) as [number, number];
    for (const slice of slices) {
      const { data } = array.shape.length === 3 ? await array.read(slice, 1) : await array.read(0, rows);
      yield { rows, columns, data: single(data) };
    }
  } finally {
    await array.close();
  }
}

/** Shape, and the middle slice. */
async function look(path: string): Promise<{ shape: number[]; middle: ComplexImage }> {
  const array = await openNpy(path);
  try {
    const shape = array.shape.length === 2 ? [1, ...array.shape] : [...array.shape];
    const [slices = 0, rows = 0, columns = 0] = shape;
    const sensible =
      shape.length === 3 &&
      Math.min(slices, rows, columns) >= 1 &&
      slices <= LARGEST.slices &&
      Math.max(rows, columns) <= LARGEST.side;
    if (!array.dtype.startsWith('complex') || !sensible) {
      throw new IsochromatError({
        code: 'npy-not-complex-images',
        sentence: 'This array does not hold complex images.',
        subject: path,
        expected: 'complex64 or complex128 of shape (slices, rows, columns) or (rows, columns)',
        found: `${array.dtype} of shape (${array.shape.join(', ')})`,
      });
    }
    const middle = Math.floor(slices / 2);
    const { data } = array.shape.length === 3 ? await array.read(middle, 1) : await array.read(0, rows);
    return { shape, middle: { rows, columns, data: single(data) } };
  } finally {
    await array.close();
  }
}

function single(data: NpyData): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data as Float64Array);
}

function looksLikeKspace({ rows, columns, data }: ComplexImage): boolean {
  if (rows < 32 || columns < 32) return false;
  let [inside, all] = [0, 0];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const at = 2 * (y * columns + x);
      const energy = data[at]! ** 2 + data[at + 1]! ** 2;
      all += energy;
      if (Math.abs(y - rows / 2) < rows / 16 && Math.abs(x - columns / 2) < columns / 16) inside += energy;
    }
  }
  return inside > KSPACE_SHARE * all;
}
