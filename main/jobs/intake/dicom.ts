import { COMPONENTS } from '../../formats/dicom/component.ts';
import type { DicomFrame } from '../../formats/dicom/frame.ts';
import { dicomIdentity } from '../../formats/dicom/identity.ts';
import { findDicomVolumes, readDicomFile } from '../../formats/dicom/inspect.ts';
import type { DicomReading } from '../../formats/dicom/inspect.ts';
import type { DicomVolume } from '../../formats/dicom/pair.ts';
import { looksLikeDicom, parseDicom } from '../../formats/dicom/parse.ts';
import { readDicomBytes } from '../../formats/dicom/read-bytes.ts';
import { readSlices } from '../../formats/dicom/read-volume.ts';
import { scalingOf } from '../../formats/dicom/values.ts';
import { guessSequence } from '../../formats/sequence-guess.ts';
import { describeGeometry, planeOf } from '../../formats/volume-geometry.ts';
import type { ComplexImage } from '../../domain/complex.ts';
import { prepareComplexSlices } from '../../recon/index.ts';
import type { FormatHandler, FoundVolume } from './handler.ts';
import { knownModel, knownVendor, NO_FACTS } from './technical-facts.ts';
import type { TechnicalFacts } from './technical-facts.ts';
import { withoutPhase } from './without-phase.ts';

/** DICOM, classic and enhanced: many files, many volumes. */
export const dicom: FormatHandler<DicomReading> = {
  format: 'dicom',
  title: 'DICOM',
  endings: /\.(dcm|dicom|ima)$/i,
  recognises: looksLikeDicom,

  async read({ path }, { thorough }) {
    return readDicomFile(path, await readDicomBytes(path), thorough);
  },

  pair(readings) {
    const patients = new Map(readings.map(({ path, patient }) => [path, patient]));
    const { volumes, refused } = findDicomVolumes(readings);
    return {
      volumes: volumes.map((volume) => describe(volume, patients)),
      refused: refused.flatMap(({ paths, code, reason }) => paths.map((path) => ({ path, code, reason }))),
    };
  },

  async convert({ slices, source }, context, { only } = {}) {
    const images = imagesOf(source as DicomVolume, only);
    const prepared = await prepareComplexSlices(only?.length ?? slices, images, {}, context);
    return { ...prepared, reconstruction: null };
  },

  async identify(path) {
    return dicomIdentity(parseDicom(await readDicomBytes(path), path));
  },
};

async function* imagesOf(volume: DicomVolume, only?: readonly number[]): AsyncGenerator<ComplexImage> {
  const { rows, columns } = volume;
  for await (const { kind, data } of readSlices(volume, only)) {
    yield { rows, columns, data: kind === 'complex' ? data : withoutPhase(data) };
  }
}

const UNKNOWN_LAST = '~';

function describe(volume: DicomVolume, patients: ReadonlyMap<string, string | undefined>): FoundVolume {
  const stacks = COMPONENTS.flatMap((component) => volume.stacks[component] ?? []);
  const first = stacks[0]!.frames[0]!;
  const files = [...new Set(stacks.flatMap(({ frames }) => frames.map(({ path }) => path)))].sort();
  const frame = volume.stacks.phase?.frames[0] ?? first;
  const notes = [...volume.notes];
  if (first.burnedInAnnotation)
    notes.push('The header says that text is drawn into the pixels: it may name the patient.');
  if (volume.derived) notes.push('These images were computed from others, as the header says.');
  if (volume.geometry === undefined && volume.slices > 1)
    notes.push('Nothing says where the slices lie in the patient.');
  return {
    format: 'dicom',
    sequence: guessSequence({
      names: [first.seriesDescription, first.protocol, first.sequenceName],
      contrastAgent: first.contrastAgent,
      plane: first.orientation && planeOf(first.orientation.along, first.orientation.down),
      echoTime: first.echoTime,
      repetitionTime: first.repetitionTime,
      inversionTime: first.inversionTime,
      scanningSequence: first.scanningSequence,
      diffusion: (first.diffusionValue ?? 0) > 0,
    }),
    components: stacks.map(({ component }) => component),
    pairing: volume.basis.replace('+', ' + '),
    hasPhase: volume.basis !== 'magnitude',
    slices: volume.slices,
    rows: volume.rows,
    columns: volume.columns,
    coils: null,
    files,
    facts: factsOf(volume, first, frame),
    identity: {
      patient: patients.get(first.path) ?? (first.study === '' ? null : `study\u0000${first.study}`),
      name: first.series || first.sopInstance || first.path,
      study: first.study || null,
      series: first.series || null,
    },
    notes,
    order: orderOf(first),
    source: volume,
  };
}

/** Volumes of one enhanced file, by what tells them apart. */
function orderOf({ echoTime, temporalPosition, acquisitionNumber, diffusionValue, position }: DicomFrame): string {
  const padded = (value: number | undefined): string =>
    value === undefined ? UNKNOWN_LAST : (value + 1e5).toFixed(4).padStart(16, '0');
  return [temporalPosition, diffusionValue, acquisitionNumber, echoTime, ...(position ?? [])].map(padded).join(' ');
}

function factsOf(volume: DicomVolume, first: DicomFrame, phase: DicomFrame): TechnicalFacts {
  const vendor = knownVendor(first.manufacturer);
  const one = (value: number | undefined): number[] => (value === undefined ? [] : [value]);
  const { geometry } = volume;
  const usesPhase = volume.basis === 'magnitude+phase';
  return {
    ...NO_FACTS,
    vendor,
    model: knownModel(vendor, first.model),
    fieldStrength: first.fieldStrength ?? null,
    repetitionTimes: one(first.repetitionTime),
    echoTimes: one(first.echoTime),
    inversionTimes: one(first.inversionTime),
    flipAngles: one(first.flipAngle),
    originalPixelSpacing: first.pixelSpacing ?? null,
    geometry:
      geometry === undefined
        ? null
        : describeGeometry(
            geometry.along,
            geometry.down,
            geometry.origin,
            geometry.sliceSpacing,
            first.patientPosition,
          ),
    burnedInAnnotation: first.burnedInAnnotation,
    phaseUnits: usesPhase ? (scalingOf(phase, 'phase')?.basis ?? null) : null,
  };
}
