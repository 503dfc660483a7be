import { basename } from 'node:path';
import type { ComplexImage } from '../../domain/complex.ts';
import { IsochromatError } from '../../domain/errors.ts';
import { fitsInMemory, IMAGE_LIMIT } from '../../formats/image-limits.ts';
import { openNpy } from '../../formats/npy.ts';
import type { NpyData } from '../../formats/npy.ts';
import { areSensitivities } from '../../formats/sensitivities.ts';
import { guessSequence } from '../../formats/sequence-guess.ts';
import { prepareComplexSlices } from '../../recon/index.ts';
import type { FormatHandler, FoundVolume } from './handler.ts';
import { pairNothing } from './single-files.ts';
import { NO_FACTS } from './technical-facts.ts';

const NAMED_SENSITIVITY = /(^|[^a-z])(maps?|csm|coils?|smaps?|sens(itivit(y|ies))?)([^a-z]|$)/i;
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
    const { shape, middle, maps } = await look(path);
    if (maps) {
      throw new IsochromatError({
        code: 'npy-is-sensitivities',
        sentence: 'This array looks like coil sensitivities, not like images.',
        subject: path,
        expected: 'complex images',
        found: `shape (${shape.join(', ')}) whose magnitudes have length 1, or 0, along the first axis everywhere`,
        remedy: 'Combine the coil images with them first, and give the images that result.',
      });
    }
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
      notes: notesOn(slices, name),
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

function notesOn(slices: number, name: string): string[] {
  const notes = ['Nothing says where the slices lie in the patient.'];
  if (slices > 1)
    notes.push(
      `The first axis, of ${slices}, was read as slices, since nothing in the file says what it is: coils, echoes and sets of maps are none.`,
    );
  if (NAMED_SENSITIVITY.test(name))
    notes.push('Its name speaks of coils or of their sensitivities: such an array is no image of the whole signal.');
  return notes;
}

/** Shape, the middle slice, and whether all are coil sensitivities. */
async function look(path: string): Promise<{ shape: number[]; middle: ComplexImage; maps: boolean }> {
  const array = await openNpy(path);
  try {
    const shape = array.shape.length === 2 ? [1, ...array.shape] : [...array.shape];
    const [slices = 0, rows = 0, columns = 0] = shape;
    const sensible = shape.length === 3 && Math.min(slices, rows, columns) >= 1 && fitsInMemory(rows, columns);
    const complex = array.dtype.startsWith('complex');
    if (!complex || !sensible) {
      throw new IsochromatError({
        code: 'npy-not-complex-images',
        sentence: complex
          ? 'This complex array is not of the shape of a stack of images.'
          : 'The numbers in this array are real, so it holds no phase.',
        subject: path,
        expected: `complex64 or complex128 of shape (slices, rows, columns) or (rows, columns), ${IMAGE_LIMIT}`,
        found: `${array.dtype} of shape (${array.shape.join(', ')})`,
        remedy: complex
          ? 'Save each stack of slices, of one echo and with the coils combined, as a file of its own.'
          : 'Save the complex images that it was made from, where it is to be imported.',
      });
    }
    const middle = Math.floor(slices / 2);
    const { data } = array.shape.length === 3 ? await array.read(middle, 1) : await array.read(0, rows);
    const image = { rows, columns, data: single(data) };
    const slice = async (index: number): Promise<Float32Array> => single((await array.read(index, 1)).data);
    const maps = array.shape.length === 3 && (await areSensitivities(slices, image.data, slice));
    return { shape, middle: image, maps };
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
