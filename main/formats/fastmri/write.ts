import { IsochromatError } from '../../domain/errors.ts';
import { AtomicFile, asWriteError } from '../atomic-file.ts';
import { Hdf5Writer } from '../hdf5/write.ts';
import { formatIsmrmrdHeader } from '../ismrmrd-header-write.ts';
import type { IsmrmrdHeaderContent } from '../ismrmrd-header-write.ts';

/** Everything of a fastMRI file but its slices. */
export interface FastMriContent {
  /** `AXT1`, `AXFLAIR` … */
  acquisition: string;
  patientId: string;
  slices: number;
  coils: number;
  /** Samples of a readout, oversampling included. */
  readout: number;
  /** Phase encodings. */
  columns: number;
  header: IsmrmrdHeaderContent;
  /** Further attributes beside acquisition, patient_id, max and norm. */
  attributes?: Readonly<Record<string, string | number>>;
}

/** One slice: k-space `[coils, readout, columns]` interleaved, and its root-sum-of-squares image if there is one. */
export interface FastMriSlice {
  kspace: Float32Array;
  /** Row-major, reconMatrix.x rows × reconMatrix.y columns. */
  reconstruction?: Float32Array;
}

/**
 * Writes an acquisition in the layout of the fastMRI data set (read by h5py as complex64): `kspace`, `ismrmrd_header`,
 * `reconstruction_rss` when the slices have one, and the attributes acquisition, patient_id, max and norm (maximum and
 * Euclidean norm of the reconstruction). Slices are taken one by one, so memory holds one; the file appears when whole.
 * @param slices as many as `content.slices`, in order; all with a reconstruction or none
 * @throws IsochromatError `fastmri-write` when a slice has the wrong size or there are too many or too few; `write-failed`
 */
export async function writeFastMri(
  path: string,
  content: FastMriContent,
  slices: Iterable<FastMriSlice> | AsyncIterable<FastMriSlice>,
): Promise<void> {
  const target = new AtomicFile(path);
  try {
    const file = await Hdf5Writer.create(target.temporaryPath);
    try {
      await writeContent(file, path, content, slices);
    } finally {
      file.close();
    }
    await target.commit();
  } catch (thrown) {
    await target.discard().catch(() => {});
    throw asWriteError(thrown, path);
  }
}

async function writeContent(
  file: Hdf5Writer,
  path: string,
  content: FastMriContent,
  slices: Iterable<FastMriSlice> | AsyncIterable<FastMriSlice>,
): Promise<void> {
  const { coils, readout, columns, header } = content;
  const { x: rows, y: imageColumns } = header.reconMatrix;
  file.writeText('ismrmrd_header', formatIsmrmrdHeader({ receiverChannels: coils, ...header }));
  let count = 0;
  let largest = 0;
  let energy = 0;
  let withImages = 0;
  for await (const { kspace, reconstruction } of slices) {
    checkLength(path, `k-space of slice ${count}`, kspace.length, 2 * coils * readout * columns);
    file.appendSlice('kspace', 'complex64', [coils, readout, columns], content.slices, kspace);
    if (reconstruction !== undefined) {
      checkLength(path, `reconstruction of slice ${count}`, reconstruction.length, rows * imageColumns);
      file.appendSlice('reconstruction_rss', 'float32', [rows, imageColumns], content.slices, reconstruction);
      for (const value of reconstruction) {
        largest = Math.max(largest, value);
        energy += value * value;
      }
      withImages += 1;
    }
    count += 1;
  }
  checkLength(path, 'slices', count, content.slices);
  if (withImages > 0) checkLength(path, 'reconstructions', withImages, content.slices);
  const statistics = withImages > 0 ? { max: largest, norm: Math.sqrt(energy) } : {};
  const { acquisition, patientId: patient_id } = content;
  for (const [name, value] of Object.entries({ acquisition, patient_id, ...statistics, ...content.attributes })) {
    file.writeAttribute(name, value);
  }
}

function checkLength(path: string, what: string, found: number, expected: number): void {
  if (found === expected) return;
  throw new IsochromatError({
    code: 'fastmri-write',
    sentence: `What should be written does not fit together: ${what}.`,
    subject: path,
    expected: String(expected),
    found: String(found),
  });
}
