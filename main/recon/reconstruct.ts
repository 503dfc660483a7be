import type { ComplexArray } from '../domain/complex.ts';
import type { WorkContext } from '../domain/progress.ts';
import { calibrate } from './calibrate.ts';
import type { Calibration } from './calibration.ts';
import { firstSet, keptSlices, onImageGrid } from './coil-data.ts';
import type { CoilSink } from './coil-data.ts';
import type { EspiritOptions } from './espirit.ts';
import type { KspaceSource } from './kspace-source.ts';
import { coilCovariance, phaseReference } from './phase-reference.ts';
import { reconstructSlice } from './reconstruct-slice.ts';
import type { ReconstructedSlice } from './reconstruct-slice.ts';
import { fitFieldOfView } from './resize.ts';
import { describeReconstruction } from './reconstruction-info.ts';
import type { ReconstructionInfo } from './reconstruction-info.ts';
import { sampledShare } from './sampling.ts';
import { SliceReader, checkSource } from './slice-reader.ts';
import { VolumeAssembly, betweenSlices } from './volume-assembly.ts';
import type { OutputOptions, PreparedVolume } from './volume-assembly.ts';

export interface ReconstructionOptions extends OutputOptions, EspiritOptions {
  /**
   * Receives the sensitivity maps of each slice, `[sets, coils, rows, columns]` before resizing. They are not kept
   * otherwise.
   */
  readonly onSensitivities?: (slice: number, maps: ComplexArray) => void | Promise<void>;
  /** Takes coil images and sensitivities on the grid of the image. A single coil has none. */
  readonly coilSink?: CoilSink;
}

export interface ReconstructedVolume extends PreparedVolume {
  readonly info: ReconstructionInfo;
}

/**
 * Multi-coil k-space → complex volume: ESPIRiT combination slice by slice with one phase reference for the whole volume,
 * resized in k-space to 320 × 320, each slice divided by its largest magnitude, head masked. Samples that were not
 * measured are taken as zero.
 *
 * The source is read twice, first for the calibration data of all slices, which fix the phase reference, then
 * for the images; never more than one slice is held. Slices that cannot be used are listed and left zero.
 *
 * @throws IsochromatError `no-usable-slice`, `kspace-shape`, `image-size`, `cancelled`
 */
export async function reconstructVolume(
  source: KspaceSource,
  options: ReconstructionOptions = {},
  context: WorkContext = {},
): Promise<ReconstructedVolume> {
  checkSource(source);
  const reader = new SliceReader(source);
  try {
    return await reconstructSlices(source, reader, options, context);
  } finally {
    reader.close();
  }
}

async function reconstructSlices(
  source: KspaceSource,
  reader: SliceReader,
  options: ReconstructionOptions,
  context: WorkContext,
): Promise<ReconstructedVolume> {
  const rows = Math.min(source.readout, source.reconRows);
  const assembly = new VolumeAssembly(source.slices, options);
  const calibrations = new Map<number, Calibration>();
  let sampled = 1;
  for (let slice = 0; slice < source.slices; slice++) {
    await betweenSlices(context, 'Calibrating', slice, source.slices);
    try {
      const kspace = await reader.read(slice);
      calibrations.set(slice, calibrate(kspace, rows));
      sampled = Math.min(sampled, sampledShare(kspace));
    } catch (thrown) {
      assembly.refuse(slice, thrown);
    }
  }
  if (calibrations.size === 0) throw assembly.noneUsable();
  const reference = phaseReference([...calibrations.values()].map(coilCovariance));
  const sink = source.coils > 1 ? options.coilSink : undefined;
  const kept = keptSlices(sink?.slices ?? 'none', [...calibrations.keys()], source.slices);

  for (const [slice, calibration] of calibrations) {
    await betweenSlices(context, 'Reconstructing', slice, source.slices);
    let done: ReconstructedSlice | undefined;
    try {
      const kspace = await reader.read(slice);
      const made = reconstructSlice(kspace, rows, calibration, reference, options);
      const [first, second] = made.images.map((image) => fitFieldOfView(image, source.reconRows, source.reconColumns));
      assembly.add(slice, first!);
      if (second !== undefined) assembly.addSecond(slice, second);
      done = made;
    } catch (thrown) {
      assembly.refuse(slice, thrown);
    }
    // Outside: where the maps cannot be stored, the whole work fails and not this slice.
    const maps = done?.sensitivities?.maps;
    if (done === undefined || maps === undefined) continue;
    await options.onSensitivities?.(slice, maps);
    if (!kept.has(slice)) continue;
    const view = { rows: source.reconRows, columns: source.reconColumns };
    const coilImages = onImageGrid(done.coilImages, view, assembly, assembly.scaleOf(slice));
    await sink?.keep(slice, coilImages, onImageGrid(firstSet(maps), view, assembly));
  }
  const prepared = assembly.finish();
  context.onProgress?.({ stage: 'Reconstructing', done: source.slices, total: source.slices });
  return { ...prepared, info: describeReconstruction(source, options, [...calibrations.values()], sampled) };
}
