import type { DataSet } from 'dicom-parser';
import type { PhaseUnits, ValueRange } from '../phase-units.ts';
import type { DicomFile } from './parse.ts';

export type Vector = readonly [number, number, number];

/** The technical facts of one image: a classic file, or one frame of an enhanced one. No identity beyond UIDs. */
export interface DicomFrame {
  path: string;
  /** Index into the file's pixel data. */
  frame: number;
  sopInstance: string;
  sopClass: string;
  modality: string;
  manufacturer: string;
  model: string;
  study: string;
  series: string;
  seriesNumber: number | undefined;
  /** Used to guess the sequence and to match a phase series with its magnitude; never stored as it is. */
  protocol: string;
  seriesDescription: string;
  sequenceName: string;
  scanningSequence: readonly string[];
  contrastAgent: boolean;
  imageType: readonly string[];
  /** (0008,9208), upper case, '' where absent. */
  complexComponent: string;
  /** GE (0043,102F): 0…3 = magnitude, phase, real, imaginary. */
  geImageKind: number | undefined;
  /** Philips (2005,1011): M, P, R, I. */
  philipsImageKind: string;
  instanceNumber: number | undefined;
  acquisitionNumber: number | undefined;
  acquisitionTime: string;
  temporalPosition: number | undefined;
  diffusionValue: number | undefined;
  echoTime: number | undefined;
  repetitionTime: number | undefined;
  inversionTime: number | undefined;
  flipAngle: number | undefined;
  fieldStrength: number | undefined;
  rows: number;
  columns: number;
  /** Centre of the first pixel, mm, patient coordinates (left, posterior, head positive). */
  position: Vector | undefined;
  /** Directions of growing column and of growing row index. */
  orientation: { along: Vector; down: Vector } | undefined;
  /** Distance between rows and between columns, mm. */
  pixelSpacing: readonly [number, number] | undefined;
  sliceThickness: number | undefined;
  spacingBetweenSlices: number | undefined;
  patientPosition: string;
  rescale: { slope: number; intercept: number; type: string } | undefined;
  bitsStored: number;
  signed: boolean;
  burnedInAnnotation: boolean;
  /** Of the rescaled values of a phase whose units the header leaves open. */
  valueRange?: ValueRange;
  /** For the rescaled values of such a phase, once its whole stack told. */
  phaseUnits?: PhaseUnits;
}

const LARGEST_FRAME_COUNT = 100_000;

/**
 * Whom a file is about, for a keyed hash: the patient's ID with its issuer, else name and birth date. undefined where the
 * file names nobody, or everybody (IDs that anonymisers write into all files).
 */
export function patientOf({ dataSet }: DicomFile): string | undefined {
  const id = text(dataSet, 'x00100020');
  if (namesSomebody(id)) return ['id', text(dataSet, 'x00100021'), id].join('\u0000');
  const name = text(dataSet, 'x00100010');
  if (namesSomebody(name)) return ['name', name.toUpperCase(), text(dataSet, 'x00100030')].join('\u0000');
  return undefined;
}

function namesSomebody(text: string): boolean {
  return (
    text !== '' &&
    !/^(anon\w*|unknown|none|no ?name|n\/?a|de-?identified|removed|patient|subject|[0x.\-^ *]+)$/i.test(text)
  );
}

/** The first frame, or the only one. */
export function firstFrameOf(file: DicomFile): DicomFrame {
  return describe(file, 0, functionalGroupsOf(file, 0));
}

/** All frames of a parsed file, in stored order. */
export function framesOf(file: DicomFile): DicomFrame[] {
  const { dataSet } = file;
  const count = Math.min(LARGEST_FRAME_COUNT, Math.max(1, Math.trunc(number(dataSet, 'x00280008') ?? 1)));
  return Array.from({ length: count }, (_, f) => describe(file, f, functionalGroupsOf(file, f)));
}

/** Looks a functional group up in the frame first, then in what all frames share (PS3.3 C.7.6.16). */
type Groups = (sequence: string) => DataSet | undefined;

function functionalGroupsOf({ dataSet }: DicomFile, frame: number): Groups {
  const own = dataSet.elements['x52009230']?.items?.[frame]?.dataSet;
  const shared = dataSet.elements['x52009229']?.items?.[0]?.dataSet;
  return (sequence) => own?.elements[sequence]?.items?.[0]?.dataSet ?? shared?.elements[sequence]?.items?.[0]?.dataSet;
}

function describe({ path, dataSet }: DicomFile, frame: number, groups: Groups): DicomFrame {
  const nested = (sequence: string): DataSet => groups(sequence) ?? dataSet;
  const frameType = groups('x00189226');
  const echo = groups('x00189114');
  const pixels = nested('x00289110');
  const values = nested('x00289145');
  const content = groups('x00209111');
  const timing = nested('x00189112');
  const slope = number(values, 'x00281053');
  const spacing = numbers(pixels, 'x00280030');
  const orientation = numbers(nested('x00209116'), 'x00200037');
  const position = numbers(nested('x00209113'), 'x00200032');
  return {
    path,
    frame,
    sopInstance: text(dataSet, 'x00080018'),
    sopClass: text(dataSet, 'x00080016') || text(dataSet, 'x00020002'),
    modality: text(dataSet, 'x00080060'),
    manufacturer: text(dataSet, 'x00080070'),
    model: text(dataSet, 'x00081090'),
    study: text(dataSet, 'x0020000d'),
    series: text(dataSet, 'x0020000e'),
    seriesNumber: number(dataSet, 'x00200011'),
    protocol: text(dataSet, 'x00181030'),
    seriesDescription: text(dataSet, 'x0008103e'),
    sequenceName: text(dataSet, 'x00180024') || text(dataSet, 'x00189005'),
    scanningSequence: list(dataSet, 'x00180020'),
    contrastAgent: text(dataSet, 'x00180010') !== '' || dataSet.elements['x00180012'] !== undefined,
    imageType:
      frameType === undefined
        ? list(dataSet, 'x00080008')
        : firstNonEmpty(frameType, 'x00089007', dataSet, 'x00080008'),
    complexComponent: ((frameType && text(frameType, 'x00089208')) || text(dataSet, 'x00089208')).toUpperCase(),
    geImageKind: shortNumber(dataSet, 'x0043102f'),
    philipsImageKind: text(dataSet, 'x20051011').toUpperCase(),
    instanceNumber: number(dataSet, 'x00200013'),
    acquisitionNumber: (content && dataSetNumber(content, 'x00209156')) ?? number(dataSet, 'x00200012'),
    acquisitionTime: text(dataSet, 'x00080032'),
    temporalPosition: (content && dataSetNumber(content, 'x00209128')) ?? number(dataSet, 'x00200100'),
    diffusionValue: doubleNumber(nested('x00189117'), 'x00189087'),
    echoTime: (echo && doubleNumber(echo, 'x00189082')) ?? number(dataSet, 'x00180081'),
    repetitionTime: number(timing, 'x00180080'),
    inversionTime: doubleNumber(nested('x00189115'), 'x00189079') ?? number(dataSet, 'x00180082'),
    flipAngle: number(timing, 'x00181314'),
    fieldStrength: number(dataSet, 'x00180087'),
    rows: dataSet.uint16('x00280010') ?? 0,
    columns: dataSet.uint16('x00280011') ?? 0,
    position: position?.length === 3 ? [position[0]!, position[1]!, position[2]!] : undefined,
    orientation: orientation?.length === 6 ? axes(orientation) : undefined,
    pixelSpacing: spacing?.length === 2 ? [spacing[0]!, spacing[1]!] : undefined,
    sliceThickness: number(pixels, 'x00180050'),
    spacingBetweenSlices: number(pixels, 'x00180088'),
    patientPosition: text(dataSet, 'x00185100'),
    rescale:
      slope === undefined
        ? undefined
        : { slope, intercept: number(values, 'x00281052') ?? 0, type: text(values, 'x00281054') },
    bitsStored: dataSet.uint16('x00280101') ?? 16,
    signed: dataSet.uint16('x00280103') === 1,
    burnedInAnnotation: text(dataSet, 'x00280301').toUpperCase() === 'YES',
  };
}

function axes(v: number[]): { along: Vector; down: Vector } {
  return { along: [v[0]!, v[1]!, v[2]!], down: [v[3]!, v[4]!, v[5]!] };
}

function firstNonEmpty(a: DataSet, tagA: string, b: DataSet, tagB: string): string[] {
  const first = list(a, tagA);
  return first.length > 0 ? first : list(b, tagB);
}

function text(dataSet: DataSet, tag: string): string {
  return dataSet.string(tag)?.trim() ?? '';
}

function list(dataSet: DataSet, tag: string): string[] {
  return text(dataSet, tag)
    .split('\\')
    .map((part) => part.trim().toUpperCase())
    .filter((part) => part !== '');
}

/** A decimal or integer string (DS, IS); undefined where absent or not a finite number. */
function number(dataSet: DataSet, tag: string): number | undefined {
  return numbers(dataSet, tag)?.[0];
}

function numbers(dataSet: DataSet, tag: string): number[] | undefined {
  const content = text(dataSet, tag);
  if (content === '') return undefined;
  const values = content.split('\\').map((part) => (part.trim() === '' ? NaN : Number(part)));
  return values.every(Number.isFinite) ? values : undefined;
}

/** FD: eight bytes. */
function doubleNumber(dataSet: DataSet, tag: string): number | undefined {
  const element = dataSet.elements[tag];
  const value = element !== undefined && element.length >= 8 ? dataSet.double(tag) : undefined;
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** UL: four bytes, as frame content numbers are; US where two. */
function dataSetNumber(dataSet: DataSet, tag: string): number | undefined {
  const length = dataSet.elements[tag]?.length;
  if (length === 4) return dataSet.uint32(tag);
  return length === 2 ? dataSet.uint16(tag) : undefined;
}

/** A private number that is SS where the writer was explicit, and text where a reader rewrote it. */
function shortNumber(dataSet: DataSet, tag: string): number | undefined {
  const element = dataSet.elements[tag];
  if (element === undefined) return undefined;
  if (element.length === 2 && element.vr !== 'IS' && element.vr !== 'DS') return dataSet.int16(tag);
  return number(dataSet, tag) ?? (element.length >= 2 ? dataSet.int16(tag) : undefined);
}
