import { join } from 'node:path';
import { writeFastMri } from '../formats/fastmri/index.ts';
import type { FastMriSlice } from '../formats/fastmri/index.ts';
import type { FileAnnotations } from '../domain/annotations.ts';
import { asIsochromatError } from '../domain/errors.ts';
import type { IsochromatError } from '../domain/errors.ts';
import { VERSION } from '../domain/version.ts';
import { sliceOf } from '../domain/complex.ts';
import { Receiver } from './acquisition/acquire.ts';
import { drawHead } from './anatomy/head-parameters.ts';
import type { HeadParameters } from './anatomy/head-parameters.ts';
import { renderVolume } from './render.ts';
import type { RenderedVolume } from './render.ts';
import type { Protocol } from './signal/protocols.ts';
import { FIELD_OF_VIEW, SLICE_THICKNESS, slicePositions } from './volume-plan.ts';
import type { VolumePlan } from './volume-plan.ts';

/** What was written, for the data set's tables. */
export interface WrittenVolume {
  readonly plan: VolumePlan;
  readonly protocol: Protocol;
  readonly head: HeadParameters;
  /** What a reader marked; undefined for volumes that nobody reviewed. */
  readonly annotations: FileAnnotations | undefined;
  /** Every finding that is there, marked or not. */
  readonly truth: FileAnnotations;
}

const SEQUENCE_TYPES = {
  'spin echo': 'SpinEcho',
  'turbo spin echo': 'TurboSpinEcho',
  'inversion recovery turbo spin echo': 'TurboSpinEcho',
  'gradient echo': 'Flash',
} as const;

/** What became of one volume of a patient; the error as it crosses threads. */
export type VolumeOutcome =
  | { readonly ok: true; readonly value: WrittenVolume }
  | { readonly ok: false; readonly error: ReturnType<IsochromatError['toJSON']> };

/** Writes the volumes of one patient one after the other: the head and its field, half of the work, are made once for all of them. */
export async function writePatient(plans: readonly VolumePlan[], folder: string): Promise<VolumeOutcome[]> {
  const outcomes: VolumeOutcome[] = [];
  for (const plan of plans) {
    try {
      outcomes.push({ ok: true, value: await writeVolume(plan, folder) });
    } catch (thrown) {
      outcomes.push({ ok: false, error: asIsochromatError(thrown, plan.file).toJSON() });
    }
  }
  return outcomes;
}

/**
 * Renders one volume and writes `folder/<plan.file>.h5` in fastMRI's layout.
 * @throws IsochromatError `write-failed`
 */
export async function writeVolume(plan: VolumePlan, folder: string): Promise<WrittenVolume> {
  const rendered = renderVolume(plan);
  const { protocol } = rendered;
  const { size, slices, coils } = plan;
  const fieldOfView = { x: FIELD_OF_VIEW, y: FIELD_OF_VIEW, z: SLICE_THICKNESS };
  await writeFastMri(
    join(folder, `${plan.file}.h5`),
    {
      acquisition: plan.sequence,
      patientId: plan.patientId,
      slices,
      coils,
      readout: 2 * size,
      columns: size,
      header: {
        encodedMatrix: { x: 2 * size, y: size, z: 1 },
        encodedFieldOfView: { ...fieldOfView, x: 2 * FIELD_OF_VIEW },
        reconMatrix: { x: size, y: size, z: 1 },
        reconFieldOfView: fieldOfView,
        fieldStrength: plan.fieldStrength,
        receiverChannels: coils,
        vendor: 'Isochromat',
        model: 'numerical phantom',
        protocolName: plan.sequence,
        sequenceType: SEQUENCE_TYPES[protocol.kind],
        repetitionTimes: [protocol.repetitionTime],
        echoTimes: [protocol.echoTime],
        inversionTimes: [protocol.inversionTime],
        flipAngles: [protocol.flipAngle],
      },
      attributes: { phantom: `Numerical phantom made by Isochromat ${VERSION}; no measurement of a person.` },
    },
    acquire(plan, rendered),
  );
  const truth = annotationsOf(plan, rendered);
  return {
    plan,
    protocol,
    head: drawHead(plan.patientSeed),
    annotations: plan.tissueClass === 'unlabeled' ? undefined : truth,
    truth,
  };
}

function* acquire(plan: VolumePlan, { image, whiteMatter }: RenderedVolume): Generator<FastMriSlice> {
  const receiver = new Receiver(plan, whiteMatter);
  for (const [slice, z] of slicePositions(plan.slices).entries()) yield receiver.receive(sliceOf(image, slice), z);
}

/** What a careful reader says: boxes around lesions, or that the study is normal for age. */
function annotationsOf(plan: VolumePlan, { boxes }: RenderedVolume): FileAnnotations {
  const variants = boxes.some(({ label }) => label === 'Normal variant');
  const healthy = plan.diseases.length === 0;
  return { file: plan.file, boxes, studyLabels: healthy && !variants ? ['Normal for age'] : [] };
}
