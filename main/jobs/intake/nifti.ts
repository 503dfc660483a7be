import { constants, gunzipSync } from 'node:zlib';
import type { ComplexImage } from '../../domain/complex.ts';
import { IsochromatError, reasonOf } from '../../domain/errors.ts';
import { inspectNifti, looksLikeNifti, niftiIdentity, pairNifti, readNiftiSlices } from '../../formats/nifti/index.ts';
import type { NiftiReading, NiftiVolume } from '../../formats/nifti/index.ts';
import { guessSequence } from '../../formats/sequence-guess.ts';
import { prepareComplexSlices } from '../../recon/index.ts';
import type { FormatHandler, FoundVolume } from './handler.ts';
import { knownModel, knownVendor, NO_FACTS } from './technical-facts.ts';
import { withoutPhase } from './without-phase.ts';

/** NIfTI images, plain or gzip; the parts of a complex one are files whose names differ in the part (BIDS). */
export const nifti: FormatHandler<NiftiReading> = {
  format: 'nifti',
  title: 'NIfTI',
  endings: /\.nii(\.gz)?$/i,
  recognises: (start) => looksLikeNifti(inflatedStart(start)),

  async read({ path }) {
    return inspectNifti(path).catch((thrown: unknown) => {
      if (thrown instanceof IsochromatError && thrown.code === 'nifti-not-nifti') return undefined;
      throw thrown;
    });
  },

  pair(readings) {
    const { volumes, refused } = pairNifti(readings);
    return {
      volumes: volumes.map(describe),
      refused: refused.map((refusal) => ({ path: refusal.subject, code: refusal.code, reason: reasonOf(refusal) })),
    };
  },

  async convert({ slices, source }, context, { only } = {}) {
    const images = imagesOf(source as NiftiVolume, only);
    const prepared = await prepareComplexSlices(only?.length ?? slices, images, {}, context);
    return { ...prepared, reconstruction: null };
  },

  identify: niftiIdentity,
};

/** The beginning of a file as it is without compression; a header fits many times into what is read. */
function inflatedStart(start: Uint8Array): Uint8Array {
  if (start[0] !== 0x1f || start[1] !== 0x8b) return start;
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return start;
  }
}

async function* imagesOf(volume: NiftiVolume, only?: readonly number[]): AsyncGenerator<ComplexImage> {
  const { rows, columns } = volume;
  for await (const { kind, data } of readNiftiSlices(volume, only)) {
    yield { rows, columns, data: kind === 'complex' ? data : withoutPhase(data) };
  }
}

function describe(volume: NiftiVolume): FoundVolume {
  const readings = Object.values(volume.parts);
  const first = readings[0]!;
  const { sidecar, geometry, pixelSpacing, stem } = first;
  const vendor = knownVendor(sidecar.manufacturer);
  const one = (value: number | undefined): number[] => (value === undefined ? [] : [value]);
  const phase = volume.parts.phase?.phaseUnits;
  return {
    format: 'nifti',
    sequence: guessSequence({
      names: [...sidecar.names, stem],
      plane: geometry?.plane,
      echoTime: sidecar.echoTime,
      repetitionTime: sidecar.repetitionTime,
      inversionTime: sidecar.inversionTime,
    }),
    components: volume.basis === 'complex' ? ['real', 'imaginary'] : volume.basis.split('+'),
    pairing: volume.basis === 'complex' ? 'complex numbers' : volume.basis.replace('+', ' + '),
    hasPhase: volume.basis !== 'magnitude',
    slices: volume.slices,
    rows: volume.rows,
    columns: volume.columns,
    coils: null,
    files: readings.map(({ path }) => path),
    facts: {
      ...NO_FACTS,
      vendor,
      model: knownModel(vendor, sidecar.model),
      fieldStrength: sidecar.fieldStrength ?? null,
      repetitionTimes: one(sidecar.repetitionTime),
      echoTimes: one(sidecar.echoTime),
      inversionTimes: one(sidecar.inversionTime),
      flipAngles: one(sidecar.flipAngle),
      originalPixelSpacing: pixelSpacing,
      geometry,
      phaseUnits: phase?.description ?? null,
    },
    // BIDS names its subjects first; other names say nothing that is known to be a patient.
    identity: { patient: /^sub-[a-z0-9]+/i.exec(stem)?.[0] ?? null, name: stem, study: null, series: null },
    notes: geometry === null ? ['Nothing says where the slices lie in the patient.'] : [],
    order: String(volume.volume).padStart(6, '0'),
    source: volume,
  };
}
