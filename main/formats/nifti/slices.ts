import type { NiftiReading } from './inspect.ts';
import type { NiftiVolume } from './pair.ts';
import { openNifti } from './read.ts';

/** One slice as measured: complex samples interleaved, or magnitudes alone. */
export interface NiftiSlice {
  kind: 'complex' | 'magnitude';
  /** `2 · rows · columns` interleaved, or `rows · columns`. */
  data: Float32Array;
}

/**
 * The slices of a volume in order, or some of them (ascending); memory holds one slice of each part.
 * @throws IsochromatError `nifti-…`, `gzip-damaged`, `file-…`
 */
export async function* readNiftiSlices(
  { basis, parts, volume, slices }: NiftiVolume,
  only?: readonly number[],
): AsyncGenerator<NiftiSlice> {
  const open = async (part: NiftiReading['part']): Promise<AsyncGenerator<Float32Array>> =>
    (await openNifti(parts[part]!.path)).readSlices(volume);
  const [first, second] = {
    complex: ['complex'],
    magnitude: ['magnitude'],
    'real+imaginary': ['real', 'imaginary'],
    'magnitude+phase': ['magnitude', 'phase'],
  }[basis] as NiftiReading['part'][];
  const one = await open(first!);
  const other = second === undefined ? undefined : await open(second);
  try {
    const last = only === undefined ? slices - 1 : Math.max(...only);
    for (let slice = 0; slice <= last; slice++) {
      const a = (await one.next()).value as Float32Array;
      const b = other === undefined ? undefined : ((await other.next()).value as Float32Array);
      if (only?.includes(slice) === false) continue;
      if (b === undefined) yield { kind: basis === 'complex' ? 'complex' : 'magnitude', data: a };
      else yield { kind: 'complex', data: basis === 'real+imaginary' ? interleave(a, b) : polar(a, b, parts.phase!) };
    }
  } finally {
    await one.return(undefined);
    await other?.return(undefined);
  }
}

function interleave(re: Float32Array, im: Float32Array): Float32Array {
  const out = new Float32Array(2 * re.length);
  for (let i = 0; i < re.length; i++) {
    out[2 * i] = re[i]!;
    out[2 * i + 1] = im[i]!;
  }
  return out;
}

/** M·exp(iφ) */
function polar(magnitude: Float32Array, phase: Float32Array, { phaseUnits }: NiftiReading): Float32Array {
  const { slope, intercept } = phaseUnits!;
  const out = new Float32Array(2 * magnitude.length);
  for (let i = 0; i < magnitude.length; i++) {
    const angle = phase[i]! * slope + intercept;
    out[2 * i] = magnitude[i]! * Math.cos(angle);
    out[2 * i + 1] = magnitude[i]! * Math.sin(angle);
  }
  return out;
}
