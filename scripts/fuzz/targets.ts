import { IsochromatError } from '../../main/domain/errors.ts';
import { readAnnotationTable, readFastMriPlus } from '../../main/formats/annotations/index.ts';
import { findDicomVolumes, readDicomFile } from '../../main/formats/dicom/inspect.ts';
import { readSlices } from '../../main/formats/dicom/read-volume.ts';
import { openFastMri } from '../../main/formats/fastmri/index.ts';
import { openIsmrmrd } from '../../main/formats/ismrmrd/index.ts';
import { inspectNifti, pairNifti, readNiftiSlices } from '../../main/formats/nifti/index.ts';
import { readNpy } from '../../main/formats/npy.ts';
import { readSafetensors } from '../../main/formats/safetensors.ts';

/** One kind of file: which of the seeds are of it, and how it is read to its end. */
export interface Target {
  /** Matches paths of seeds. */
  seeds: RegExp;
  /** Given to files that are written for it. */
  ending: string;
  /**
   * A library below can loop for ever on damaged files. An import reads such files in a process that it ends; so does
   * the fuzzer, and counts it.
   */
  mayHang?: true;
  /** Reads everything, as an import would. May refuse with an IsochromatError; anything else is a finding. */
  read(path: string): Promise<void>;
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

export const TARGETS: Readonly<Record<string, Target>> = {
  dicom: {
    seeds: /\/dicom\w*\/.*(\.dcm|\.ima|MR\.[\d.]+|DICOMDIR)$/i,
    ending: '.dcm',
    async read(path) {
      const reading = await readDicomFile(path, undefined, true);
      const unforeseen = reading.refused.find(({ code }) => code === 'internal');
      if (unforeseen !== undefined) throw new Error(unforeseen.reason);
      const { volumes, refused } = findDicomVolumes([reading]);
      for (const volume of volumes) await drain(readSlices(volume));
      const [first] = refused;
      if (volumes.length === 0 && first !== undefined) {
        throw new IsochromatError({ code: first.code, sentence: first.reason });
      }
    },
  },
  hdf5: {
    mayHang: true,
    seeds: /\/(hdf5_variants|ismrmrd)\/.*\.h5$/,
    ending: '.h5',
    async read(path) {
      const file = await openFastMri(path);
      try {
        for (let slice = 0; slice < file.slices; slice++) {
          file.readKspaceSlice(slice);
          file.readReconstructionSlice(slice);
        }
      } finally {
        file.close();
      }
    },
  },
  ismrmrd: {
    mayHang: true,
    seeds: /(ismrmrd|mrireco)\w*\.h5$|\/ismrmrd\/.*\.h5$/,
    ending: '.h5',
    async read(path) {
      const file = await openIsmrmrd(path);
      try {
        for (const volume of file.volumes) {
          for (let slice = 0; slice < volume.slices; slice++) volume.readKspaceSlice(slice);
        }
      } finally {
        file.close();
      }
    },
  },
  nifti: {
    seeds: /\.nii(\.gz)?$/,
    ending: '.nii',
    async read(path) {
      for (const volume of pairNifti([await inspectNifti(path)]).volumes) await drain(readNiftiSlices(volume));
    },
  },
  csv: {
    seeds: /\.csv$/,
    ending: '.csv',
    async read(path) {
      await readAnnotationTable(path);
      await readFastMriPlus(path);
    },
  },
  json: {
    seeds: /\.json$/,
    ending: '.json',
    read: async (path) => void (await readAnnotationTable(path)),
  },
  npy: { seeds: /\.npy$/, ending: '.npy', read: async (path) => void (await readNpy(path)) },
  safetensors: {
    seeds: /\.safetensors$/,
    ending: '.safetensors',
    read: async (path) => void (await readSafetensors(path)),
  },
};
