import type { EncodingLimit, Extents, IsmrmrdHeader } from './ismrmrd-header.ts';

/** Facts that a written header holds; the rest has the defaults of a Cartesian 2-D acquisition. */
export type IsmrmrdHeaderContent = Pick<IsmrmrdHeader, 'encodedMatrix' | 'reconMatrix'> & Partial<IsmrmrdHeader>;

/** Gyromagnetic ratio of the proton / 2π. */
const PROTON_HZ_PER_TESLA = 42.576e6;

/** Writes a header that ISMRMRD's own reader and fastMRI's loaders understand; `parseIsmrmrdHeader` reads it back. */
export function formatIsmrmrdHeader(content: IsmrmrdHeaderContent): string {
  const { encodedMatrix, reconMatrix, fieldStrength } = content;
  const limits = content.limits ?? {
    kspace_encoding_step_1: { minimum: 0, maximum: encodedMatrix.y - 1, center: Math.floor(encodedMatrix.y / 2) },
  };
  const frequency = content.resonanceFrequency ?? Math.round(PROTON_HZ_PER_TESLA * (fieldStrength ?? 0));
  const root = group(
    'ismrmrdHeader xmlns="http://www.ismrm.org/ISMRMRD"',
    group(
      'measurementInformation',
      leaf('patientPosition', content.patientPosition ?? 'HFS'),
      leaf('protocolName', content.protocolName),
    ),
    group(
      'acquisitionSystemInformation',
      leaf('systemVendor', content.vendor),
      leaf('systemModel', content.model),
      leaf('systemFieldStrength_T', fieldStrength),
      leaf('receiverChannels', content.receiverChannels),
    ),
    group('experimentalConditions', leaf('H1resonanceFrequency_Hz', frequency)),
    group(
      'encoding',
      group('encodedSpace', ...space(encodedMatrix, content.encodedFieldOfView)),
      group('reconSpace', ...space(reconMatrix, content.reconFieldOfView)),
      group('encodingLimits', ...Object.entries(limits).map(([name, limit]) => limitGroup(name, limit))),
      leaf('trajectory', content.trajectory ?? 'cartesian'),
      group(
        'parallelImaging',
        group(
          'accelerationFactor',
          leaf('kspace_encoding_step_1', content.acceleration ?? 1),
          leaf('kspace_encoding_step_2', 1),
        ),
        leaf('calibrationMode', content.calibrationMode ?? 'other'),
      ),
    ),
    group(
      'sequenceParameters',
      ...(content.repetitionTimes ?? []).map((time) => leaf('TR', time)),
      ...(content.echoTimes ?? []).map((time) => leaf('TE', time)),
      ...(content.inversionTimes ?? []).map((time) => leaf('TI', time)),
      ...(content.flipAngles ?? []).map((angle) => leaf('flipAngle_deg', angle)),
      leaf('sequence_type', content.sequenceType),
    ),
  );
  return `<?xml version="1.0" encoding="utf-8"?>\n${root}\n`;
}

/** Without a field of view, pixels of 1 mm and slices of 5 mm. */
function space(matrix: Extents, fieldOfView: Extents = { x: matrix.x, y: matrix.y, z: 5 }): string[] {
  return [group('matrixSize', ...axes(matrix)), group('fieldOfView_mm', ...axes(fieldOfView))];
}

function axes({ x, y, z }: Extents): string[] {
  return [leaf('x', x), leaf('y', y), leaf('z', z)];
}

function limitGroup(name: string, { minimum, maximum, center }: EncodingLimit): string {
  return group(name, leaf('minimum', minimum), leaf('maximum', maximum), leaf('center', center));
}

function group(opening: string, ...content: string[]): string {
  const inner = content.filter((part) => part !== '').join('');
  return `<${opening}>${inner}</${opening.split(' ', 1)[0]}>`;
}

/** An element with text; nothing when there is none to say. */
function leaf(name: string, value: string | number | undefined): string {
  if (value === undefined || value === '') return '';
  const text = String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return `<${name}>${text}</${name}>`;
}
