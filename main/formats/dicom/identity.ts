import type { DataSet, Element } from 'dicom-parser';
import { identifyingValue } from '../../domain/identity.ts';
import type { IdentifyingValue } from '../../domain/identity.ts';
import { patientOf } from './frame.ts';
import type { DicomFile } from './parse.ts';

/** Attributes that identify, or in which people write freely (PS3.15 annex E, basic profile), by tag. */
const IDENTIFYING: Readonly<Record<string, string>> = {
  x00080012: 'Instance Creation Date',
  x00080018: 'SOP Instance UID',
  x00080020: 'Study Date',
  x00080021: 'Series Date',
  x00080022: 'Acquisition Date',
  x00080023: 'Content Date',
  x0008002a: 'Acquisition DateTime',
  x00080030: 'Study Time',
  x00080050: 'Accession Number',
  x00080080: 'Institution Name',
  x00080081: 'Institution Address',
  x00080090: "Referring Physician's Name",
  x00080092: "Referring Physician's Address",
  x00080094: "Referring Physician's Telephone Numbers",
  x00081010: 'Station Name',
  x00081030: 'Study Description',
  x0008103e: 'Series Description',
  x00081040: 'Institutional Department Name',
  x00081048: 'Physician(s) of Record',
  x00081050: "Performing Physician's Name",
  x00081060: 'Name of Physician(s) Reading Study',
  x00081070: "Operators' Name",
  x00081080: 'Admitting Diagnoses Description',
  x00084000: 'Identifying Comments',
  x00100010: "Patient's Name",
  x00100020: 'Patient ID',
  x00100021: 'Issuer of Patient ID',
  x00100030: "Patient's Birth Date",
  x00100032: "Patient's Birth Time",
  x00100040: "Patient's Sex",
  x00101000: 'Other Patient IDs',
  x00101001: 'Other Patient Names',
  x00101005: "Patient's Birth Name",
  x00101010: "Patient's Age",
  x00101020: "Patient's Size",
  x00101030: "Patient's Weight",
  x00101040: "Patient's Address",
  x00101060: "Patient's Mother's Birth Name",
  x00102154: "Patient's Telephone Numbers",
  x00102160: 'Ethnic Group',
  x00102180: 'Occupation',
  x001021b0: 'Additional Patient History',
  x00104000: 'Patient Comments',
  x00181000: 'Device Serial Number',
  x00181030: 'Protocol Name',
  x0020000d: 'Study Instance UID',
  x0020000e: 'Series Instance UID',
  x00200010: 'Study ID',
  x00200052: 'Frame of Reference UID',
  x00189074: 'Frame Acquisition DateTime',
  x00189151: 'Frame Reference DateTime',
  x00204000: 'Image Comments',
  x00321032: 'Requesting Physician',
  x00321060: 'Requested Procedure Description',
  x00324000: 'Study Comments',
  x00380010: 'Admission ID',
  x00400244: 'Performed Procedure Step Start Date',
  x00400250: 'Performed Procedure Step End Date',
  x00400253: 'Performed Procedure Step ID',
  x00400254: 'Performed Procedure Step Description',
  x00401001: 'Requested Procedure ID',
  x00402004: 'Issue Date of Imaging Service Request',
};
/** Persons, dates and ages identify in whatever attribute they stand. */
const PERSONAL = new Set(['PN', 'DA', 'DT', 'AS']);
const LONGEST_VALUE = 4096;
const DEEPEST = 8;

/**
 * Everything in a file that tells whom it is about, name by name, nested sequences included; of private elements only how many
 * there are. None of it enters a study, but a keyed hash of what names the patient, the study and the series.
 */
export function dicomIdentity(file: DicomFile): IdentifyingValue[] {
  const { dataSet } = file;
  const found = new Map<string, IdentifyingValue>();
  const decode = decoderOf(dataSet.string('x00080005'));
  const hashed = hashedTags(file);
  let privately = 0;
  const visit = (set: DataSet, depth: number): void => {
    for (const [tag, element] of Object.entries(set.elements)) {
      if (Number.parseInt(tag.slice(1, 5), 16) % 2 === 1) privately++;
      else if (element.items !== undefined) {
        for (const item of element.items) if (item.dataSet && depth < DEEPEST) visit(item.dataSet, depth + 1);
      } else if (IDENTIFYING[tag] !== undefined || PERSONAL.has(element.vr ?? '')) {
        const named = `${IDENTIFYING[tag] ?? 'Attribute'} (${tag.slice(1, 5)},${tag.slice(5)})`;
        const value = identifyingValue(
          named,
          valueOf(set, element, decode),
          depth === 0 && hashed.has(tag) ? 'hash' : 'nothing',
        );
        if (value !== undefined) found.set(`${value.attribute}\u0000${value.value}`, value);
      }
    }
  };
  visit(dataSet, 0);
  const all = [...found.values()];
  if (privately > 0) all.push({ attribute: 'Private elements', value: String(privately), becomes: 'nothing' });
  return all;
}

/** What the keyed hashes of a study are made of (frame.ts: `patientOf`). */
function hashedTags(file: DicomFile): Set<string> {
  const patient = patientOf(file)?.startsWith('id') === true ? ['x00100020', 'x00100021'] : ['x00100010', 'x00100030'];
  return new Set([...(patientOf(file) === undefined ? [] : patient), 'x0020000d', 'x0020000e']);
}

function valueOf(set: DataSet, { dataOffset, length }: Element, decode: (bytes: Uint8Array) => string): string {
  const bytes = set.byteArray as Uint8Array;
  const text = decode(bytes.subarray(dataOffset, Math.min(dataOffset + Math.min(length, LONGEST_VALUE), bytes.length)));
  return text.replaceAll('\\', ', ').replace(/[\^=]+/g, ' ');
}

/** Encodings that occur (PS3.3 C.12.1.1.2), as the platform calls them. */
const ENCODINGS: Readonly<Record<string, string>> = {
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 13': 'shift_jis',
  'ISO 2022 IR 87': 'iso-2022-jp',
  'ISO 2022 IR 149': 'euc-kr',
};

function decoderOf(characterSet: string | undefined): (bytes: Uint8Array) => string {
  const names = (characterSet ?? '').split('\\').map((name) => name.trim());
  const encoding = names.map((name) => ENCODINGS[name]).find((name) => name !== undefined) ?? 'windows-1252';
  const decoder = new TextDecoder(encoding);
  return (bytes) => decoder.decode(bytes);
}
