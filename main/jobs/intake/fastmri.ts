import { basename } from 'node:path';
import { openFastMri } from '../../formats/fastmri/index.ts';
import type { FastMriFile } from '../../formats/fastmri/index.ts';
import { kspaceIdentity } from '../../formats/kspace-identity.ts';
import { guessSequence } from '../../formats/sequence-guess.ts';
import type { SequenceGuess } from '../../formats/sequence-guess.ts';
import { reconstructVolume, someSlices } from '../../recon/index.ts';
import type { FormatHandler, FoundVolume } from './handler.ts';
import { isHdf5 } from './hdf5.ts';
import { kspaceFacts } from './kspace-facts.ts';
import { pairNothing } from './single-files.ts';

/** Multi-coil k-space as the fastMRI data set stores it: one HDF5 file, one volume. */
export const fastmri: FormatHandler<FoundVolume> = {
  format: 'fastmri',
  title: 'fastMRI (HDF5)',
  endings: /\.(h5|hdf5)$/i,
  recognises: isHdf5,

  async read({ path }) {
    const file = await openFastMri(path);
    try {
      return describe(file);
    } finally {
      file.close();
    }
  },

  pair: pairNothing,

  identify: (path) => kspaceIdentity(path, 'patient_id'),

  async convert(volume, context, { coilSink, only } = {}) {
    const file = await openFastMri(volume.files[0]!);
    try {
      const chosen = only === undefined ? file : someSlices(file, only);
      const options = coilSink === undefined ? {} : { coilSink };
      const { info, secondImage: _, ...prepared } = await reconstructVolume(chosen, options, context);
      return { ...prepared, reconstruction: info };
    } finally {
      file.close();
    }
  },
};

function describe(file: FastMriFile): FoundVolume {
  const name = basename(file.path).replace(/\.[^.]*$/, '');
  const known = publicName(name);
  return {
    format: 'fastmri',
    sequence: sequenceOf(file, name),
    components: ['k-space'],
    pairing: 'multi-coil k-space',
    hasPhase: true,
    slices: file.slices,
    rows: file.reconRows,
    columns: file.reconColumns,
    coils: file.coils,
    files: [file.path],
    facts: kspaceFacts(file.header, { rows: file.reconRows, columns: file.reconColumns }),
    identity: { patient: file.patientId ?? null, name, study: null, series: null },
    ...(known === undefined ? {} : { publicName: known }),
    notes: notesOn(file),
    order: '',
    source: null,
  };
}

function notesOn({ columns, columnMask, zeroFilledColumns: { left, right } }: FastMriFile): string[] {
  const notes = columnMask === undefined ? [] : ['Undersampled: columns that were not measured are taken as zero.'];
  const zeros = left + right;
  if (zeros > 0)
    notes.push(
      `${zeros} of ${columns} columns of k-space were not measured and hold zeros: partial Fourier, or a matrix wider than the scan.`,
    );
  return notes;
}

function sequenceOf({ acquisition, sequence, header }: FastMriFile, name: string): SequenceGuess {
  if (sequence !== undefined) {
    const where = acquisition === undefined ? 'name' : 'header';
    return { sequence, confidence: 'certain', reason: `The file's ${where} says ${sequence}.`, from: where };
  }
  const names = [acquisition ?? '', header.protocolName ?? '', name];
  return guessSequence({ names, echoTime: header.echoTimes[0], repetitionTime: header.repetitionTimes[0] });
}

/** A name as the fastMRI data set gives them holds no identity; any other could. */
function publicName(name: string): string | undefined {
  return /^file_brain_[A-Z0-9]+_\d{1,4}_\d{1,9}(_\d+)?$/.test(name) ? name : undefined;
}
