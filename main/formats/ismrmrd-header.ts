import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { IsochromatError } from '../domain/errors.ts';

/** Three extents: x along the readout, y along the phase encoding, z along the second phase encoding (partition). */
export interface Extents {
  x: number;
  y: number;
  z: number;
}

/** First, last and central index along one encoding. */
export interface EncodingLimit {
  minimum: number;
  maximum: number;
  center: number;
}

/** Technical facts of an ISMRMRD header (first encoding). Identity (patient, study, institution, dates) is not taken. */
export interface IsmrmrdHeader {
  encodedMatrix: Extents;
  /** In millimetres. */
  encodedFieldOfView: Extents;
  reconMatrix: Extents;
  /** In millimetres. */
  reconFieldOfView: Extents;
  /** By name as in the standard: `kspace_encoding_step_1`, `slice`, `contrast` … */
  limits: Record<string, EncodingLimit>;
  /** `cartesian`, `radial` … in lower case. */
  trajectory: string;
  /** In tesla. */
  fieldStrength?: number;
  /** In hertz. */
  resonanceFrequency?: number;
  receiverChannels?: number;
  vendor?: string;
  model?: string;
  protocolName?: string;
  patientPosition?: string;
  sequenceType?: string;
  /** Repetition, echo and inversion times in milliseconds, flip angles in degrees; one a contrast. */
  repetitionTimes: number[];
  echoTimes: number[];
  inversionTimes: number[];
  flipAngles: number[];
  /** Acceleration along the phase encoding, 1 when fully sampled. */
  acceleration: number;
  /** How calibration lines were acquired: `embedded`, `separate` … */
  calibrationMode?: string;
}

/** Headers are a few kilobytes; real ones with waveform information reach some hundred. */
const LONGEST_XML = 1 << 22;

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  removeNSPrefix: true,
  // Entities are not expanded: a header needs none, and nested ones can fill any memory.
  processEntities: false,
});

type Element = { [name: string]: Element | Element[] | string } | string | undefined;

/**
 * Reads an ISMRMRD header (https://ismrmrd.readthedocs.io, schema ismrmrd.xsd).
 * @param subject file named in errors
 * @throws IsochromatError `ismrmrd-header-not-xml`, `ismrmrd-header-incomplete`
 */
export function parseIsmrmrdHeader(xml: string, subject: string): IsmrmrdHeader {
  const root = parseXml(xml, subject);
  const encoding = one(child(root, 'encoding'));
  const encodedMatrix = extents(child(encoding, 'encodedSpace', 'matrixSize'));
  if (encodedMatrix === undefined) {
    throw new IsochromatError({
      code: 'ismrmrd-header-incomplete',
      sentence: 'The header does not say how large the acquired matrix is.',
      subject,
      expected: 'encoding/encodedSpace/matrixSize with x, y and z',
    });
  }
  const encodedFieldOfView = extents(child(encoding, 'encodedSpace', 'fieldOfView_mm')) ?? { x: 0, y: 0, z: 0 };
  const sequence = child(root, 'sequenceParameters');
  const system = child(root, 'acquisitionSystemInformation');
  const measurement = child(root, 'measurementInformation');
  return {
    encodedMatrix,
    encodedFieldOfView,
    reconMatrix: extents(child(encoding, 'reconSpace', 'matrixSize')) ?? encodedMatrix,
    reconFieldOfView: extents(child(encoding, 'reconSpace', 'fieldOfView_mm')) ?? encodedFieldOfView,
    limits: limitsOf(child(encoding, 'encodingLimits')),
    trajectory: (text(child(encoding, 'trajectory')) ?? 'cartesian').toLowerCase(),
    ...defined({
      fieldStrength: number(child(system, 'systemFieldStrength_T')),
      resonanceFrequency: number(child(root, 'experimentalConditions', 'H1resonanceFrequency_Hz')),
      receiverChannels: number(child(system, 'receiverChannels')),
      vendor: text(child(system, 'systemVendor')),
      model: text(child(system, 'systemModel')),
      protocolName: text(child(measurement, 'protocolName')),
      patientPosition: text(child(measurement, 'patientPosition')),
      sequenceType: text(child(sequence, 'sequence_type')),
      calibrationMode: text(child(encoding, 'parallelImaging', 'calibrationMode')),
    }),
    repetitionTimes: numbers(child(sequence, 'TR')),
    echoTimes: numbers(child(sequence, 'TE')),
    inversionTimes: numbers(child(sequence, 'TI')),
    flipAngles: numbers(child(sequence, 'flipAngle_deg')),
    acceleration: number(child(encoding, 'parallelImaging', 'accelerationFactor', 'kspace_encoding_step_1')) ?? 1,
  };
}

function parseXml(xml: string, subject: string): Element {
  const verdict = xml.length > LONGEST_XML ? `${xml.length} characters` : XMLValidator.validate(xml);
  if (verdict === true) {
    try {
      const root = one((parser.parse(xml) as Exclude<Element, string>)?.['ismrmrdHeader']);
      if (root !== undefined && typeof root !== 'string') return root;
    } catch (thrown) {
      throw notXml(subject, thrown instanceof Error ? thrown.message : String(thrown), xml);
    }
    throw notXml(subject, 'XML without an ismrmrdHeader', xml);
  }
  throw notXml(subject, inWords(typeof verdict === 'string' ? verdict : verdict.err.msg), xml);
}

/** The parser names elements that are not closed as a list in JSON. */
function inWords(reason: string): string {
  const open = /^Invalid '\[(.*)\]' found\.?$/s.exec(reason)?.[1];
  if (open === undefined) return reason.replace(/\.$/, '');
  return `no end of the elements ${[...open.matchAll(/"([^"]*)"/g)].map(([, name]) => name).join(', ')}`;
}

function notXml(subject: string, reason: string, xml: string): IsochromatError {
  return new IsochromatError({
    code: 'ismrmrd-header-not-xml',
    sentence: 'The header of the acquisition cannot be understood.',
    subject,
    expected: 'an XML document <ismrmrdHeader>',
    found: `${reason} in ${JSON.stringify(xml.slice(0, 60))}`,
    remedy: 'The matrix sizes stand in that header; without it the file cannot be reconstructed.',
  });
}

function child(element: Element | Element[], ...path: string[]): Element | Element[] {
  let here: Element | Element[] = element;
  for (const name of path) {
    const parent = one(here);
    if (parent === undefined || typeof parent === 'string') return undefined;
    here = Object.hasOwn(parent, name) ? parent[name] : undefined;
  }
  return here;
}

/** The first of repeated elements. */
function one(element: Element | Element[]): Element {
  return Array.isArray(element) ? element[0] : element;
}

const PREDEFINED: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };

function text(element: Element | Element[]): string | undefined {
  const value = one(element);
  if (typeof value !== 'string' || value === '') return undefined;
  return value.replace(/&(lt|gt|quot|apos|amp);/g, (entity) => PREDEFINED[entity]!);
}

function number(element: Element | Element[]): number | undefined {
  const value = text(element);
  return value === undefined || value.trim() === '' || !Number.isFinite(Number(value)) ? undefined : Number(value);
}

function numbers(element: Element | Element[]): number[] {
  const list = Array.isArray(element) ? element : [element];
  return list.map(number).filter((value) => value !== undefined);
}

function extents(element: Element | Element[]): Extents | undefined {
  const [x, y, z] = ['x', 'y', 'z'].map((axis) => number(child(element, axis)));
  return x === undefined || y === undefined ? undefined : { x, y, z: z ?? 1 };
}

function limitsOf(element: Element | Element[]): Record<string, EncodingLimit> {
  const group = one(element);
  if (group === undefined || typeof group === 'string') return {};
  const found: [string, EncodingLimit][] = [];
  for (const name of Object.keys(group)) {
    const [minimum, maximum, center] = ['minimum', 'maximum', 'center'].map((part) => number(child(group, name, part)));
    if (minimum !== undefined && maximum !== undefined) found.push([name, { minimum, maximum, center: center ?? 0 }]);
  }
  return Object.fromEntries(found);
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
