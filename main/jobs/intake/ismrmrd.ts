import { basename } from 'node:path';
import { IsochromatError } from '../../domain/errors.ts';
import { openIsmrmrd } from '../../formats/ismrmrd/index.ts';
import type { IsmrmrdFile, IsmrmrdVolume } from '../../formats/ismrmrd/index.ts';
import { kspaceIdentity } from '../../formats/kspace-identity.ts';
import { guessSequence } from '../../formats/sequence-guess.ts';
import { reconstructVolume, someSlices } from '../../recon/index.ts';
import type { FormatHandler, FoundVolume } from './handler.ts';
import { isHdf5 } from './hdf5.ts';
import { kspaceFacts } from './kspace-facts.ts';

/** ISMRMRD raw data: single readouts in HDF5; a file may hold several contrasts or repetitions. */
export const ismrmrd: FormatHandler<FoundVolume[]> = {
  format: 'ismrmrd',
  title: 'ISMRMRD raw data (HDF5)',
  endings: /\.(h5|hdf5|mrd)$/i,
  recognises: isHdf5,

  async read({ path }) {
    const file = await openIsmrmrd(path).catch((thrown: unknown) => {
      if (thrown instanceof IsochromatError && thrown.code === 'ismrmrd-not-raw') return undefined;
      throw thrown;
    });
    if (file === undefined) return undefined;
    try {
      return file.volumes.map((volume, index) => describe(file, volume, index));
    } finally {
      file.close();
    }
  },

  pair: (readings) => ({ volumes: readings.flat(), refused: [] }),

  identify: (path) => kspaceIdentity(path),

  async convert({ files, source }, context, { coilSink, only } = {}) {
    const file = await openIsmrmrd(files[0]!);
    try {
      const volume = file.volumes[source as number]!;
      const chosen = only === undefined ? volume : someSlices(volume, only);
      const options = coilSink === undefined ? {} : { coilSink };
      const { info, secondImage: _, ...prepared } = await reconstructVolume(chosen, options, context);
      return { ...prepared, reconstruction: info };
    } finally {
      file.close();
    }
  },
};

function describe({ path, header, skipped, volumes }: IsmrmrdFile, volume: IsmrmrdVolume, index: number): FoundVolume {
  const name = basename(path).replace(/\.[^.]*$/, '');
  const { slices, coils, reconRows: rows, reconColumns: columns, contrast, repetition, set, phase } = volume;
  const { left, right } = volume.zeroFilledColumns;
  const notes = Object.entries(skipped).map(
    ([reason, count]) => `Left out, as no part of the image: ${count} × ${reason}.`,
  );
  if (left + right > 0)
    notes.push(`${left + right} of ${volume.columns} columns of k-space were not measured (partial Fourier).`);
  const echo = (times: readonly number[]): number | undefined => times[contrast] ?? times[0];
  return {
    format: 'ismrmrd',
    sequence: guessSequence({
      names: [header.protocolName ?? '', name],
      echoTime: echo(header.echoTimes),
      repetitionTime: echo(header.repetitionTimes),
      inversionTime: echo(header.inversionTimes),
    }),
    components: ['k-space'],
    pairing:
      volumes.length > 1
        ? `readouts of contrast ${contrast}, repetition ${repetition}, set ${set}, phase ${phase}`
        : 'readouts',
    hasPhase: true,
    slices,
    rows,
    columns,
    coils,
    files: [path],
    facts: kspaceFacts(header, { rows, columns }),
    identity: { patient: null, name, study: null, series: null },
    notes,
    order: String(index).padStart(6, '0'),
    source: index,
  };
}
