import type { Command } from 'commander';
import type { ComplexImage } from '../domain/complex.ts';
import { cancelled, IsochromatError } from '../domain/errors.ts';
import { compareImages } from '../evaluation/reconstruction.ts';
import type { PatchReconstruction } from '../evaluation/reconstruction.ts';
import { summarise } from '../evaluation/summary.ts';
import { openNpy } from '../formats/npy.ts';
import type { NpyReader } from '../formats/npy.ts';
import { action, command, textTable } from './command.ts';
import type { CliContext, Outcome } from './command.ts';

/** `isochromat compare A.npy B.npy` */
export function compareCommand(): Command {
  return command('compare', 'phase coherence, SSIM and PSNR per slice of two complex arrays')
    .argument(
      '<A.npy>',
      'the reconstruction: complex (rows, columns) or (slices, rows, columns), or (n, 2, rows, columns)',
    )
    .argument('<B.npy>', 'what it is compared with')
    .addHelpText(
      'after',
      '\nSSIM and PSNR are of the magnitudes, for a data range of 1: scale both arrays alike before.',
    )
    .action(action(([a, b], _options, context) => compare(a!, b!, context)));
}

async function compare(first: string, second: string, context: CliContext): Promise<Outcome> {
  const a = await openImages(first);
  const b = await openImages(second).catch(async (thrown: unknown) => {
    await a.close();
    throw thrown;
  });
  try {
    requireSameSize(a, b);
    const slices: PatchReconstruction[] = [];
    for (let k = 0; k < a.count; k++) {
      if (context.signal.aborted) throw cancelled('The comparison');
      slices.push(compareImages(await a.read(k), await b.read(k)));
      context.onProgress({ stage: 'Comparing', done: k + 1, total: a.count });
    }
    return { value: { slices }, text: describe(slices) };
  } finally {
    await Promise.all([a.close(), b.close()]);
  }
}

interface ImageSeries {
  path: string;
  count: number;
  rows: number;
  columns: number;
  read(index: number): Promise<ComplexImage>;
  close(): Promise<void>;
}

/** One image at a time, so that a large volume needs no more memory than its slices. */
async function openImages(path: string): Promise<ImageSeries> {
  const npy = await openNpy(path);
  try {
    return imagesOf(npy);
  } catch (thrown) {
    await npy.close();
    throw thrown;
  }
}

function imagesOf(npy: NpyReader): ImageSeries {
  const { shape, dtype, path } = npy;
  const planar = shape.length === 4 && shape[1] === 2 && dtype.startsWith('float');
  const complex = dtype.startsWith('complex') && (shape.length === 2 || shape.length === 3);
  if ((!planar && !complex) || shape.includes(0)) {
    throw new IsochromatError({
      code: 'compare-not-complex-images',
      sentence: 'This array does not hold complex images.',
      subject: path,
      expected: 'complex numbers (rows, columns) or (slices, rows, columns), or real ones (n, 2, rows, columns)',
      found: `${dtype} (${shape.join(', ')})`,
    });
  }
  const [rows, columns] = shape.slice(-2) as [number, number];
  const single = shape.length === 2;
  return {
    path,
    count: single ? 1 : shape[0]!,
    rows,
    columns,
    async read(index) {
      const { data } = await (single ? npy.read(0, rows) : npy.read(index, 1));
      const values = data as Float32Array | Float64Array;
      const image = { rows, columns, data: planar ? interleave(values) : Float32Array.from(values) };
      if (image.data.every(Number.isFinite)) return image;
      throw new IsochromatError({
        code: 'compare-not-finite',
        sentence: `Image ${index} holds values that are not finite.`,
        subject: path,
        expected: 'finite real and imaginary parts',
      });
    },
    close: () => npy.close(),
  };
}

function interleave(planar: Float32Array | Float64Array): Float32Array {
  const samples = planar.length / 2;
  return Float32Array.from({ length: planar.length }, (_, i) => planar[(i % 2) * samples + (i >> 1)]!);
}

function requireSameSize(a: ImageSeries, b: ImageSeries): void {
  const size = ({ count, rows, columns }: ImageSeries): string => `${count} × ${rows} × ${columns}`;
  if (size(a) === size(b)) return;
  throw new IsochromatError({
    code: 'compare-sizes-differ',
    sentence: 'The two arrays hold images of different number or size.',
    subject: b.path,
    expected: `${size(a)} (slices × rows × columns), as in ${a.path}`,
    found: size(b),
  });
}

function describe(slices: readonly PatchReconstruction[]): string {
  const show = (value: number | null, digits: number, none: string): string =>
    value === null ? none : value.toFixed(digits);
  const mean = (pick: (slice: PatchReconstruction) => number | null): number | null => summarise(slices.map(pick)).mean;
  const row = (name: string, slice: PatchReconstruction): string[] => [
    name,
    show(slice.phaseCoherence, 6, 'no signal'),
    show(slice.ssim, 4, ''),
    show(slice.psnr, 2, 'identical'),
  ];
  const rows = slices.map((slice, k) => row(String(k), slice));
  const all = {
    phaseCoherence: mean((s) => s.phaseCoherence),
    ssim: mean((s) => s.ssim) ?? 0,
    psnr: mean((s) => s.psnr),
  };
  if (rows.length > 1) rows.push(row('mean', all));
  return textTable([['slice', 'phase coherence', 'SSIM', 'PSNR (dB)'], ...rows]);
}
