import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { DataSet } from 'dicom-parser';
import { parseDicom } from '../../../main/formats/dicom/parse.ts';

/** Elements that identify, or in which people write freely (PS3.15 annex E, basic profile). */
const IDENTIFYING = new Set([
  'x00080050', // accession number
  'x00080080', // institution
  'x00080081',
  'x00080090', // referring physician
  'x00081010', // station
  'x00081030', // study description
  'x0008103e', // series description
  'x00081040', // department
  'x00081048', // physicians, operators
  'x00081050',
  'x00081060',
  'x00081070',
  'x00100010', // patient: name, ID, birth date …
  'x00100020',
  'x00100021',
  'x00100030',
  'x00101000',
  'x00101040',
  'x00102154',
  'x00104000',
  'x00181000', // serial number of the device
  'x00181030', // protocol
  'x00200010', // study ID
  'x00204000', // comments
  'x00321032',
  'x00321060',
  'x00400244',
  'x00400254',
  'x00400275',
]);
/** Shorter ones occur by chance in anything, and so do counters such as 00000001. */
const SHORTEST = 5;
const COUNTER = /^0*\d{1,5}$/;

/** Elements of an ISMRMRD header whose texts are technical facts, or the name of one of our sequences. */
const TECHNICAL_TAGS = new Set(['systemVendor', 'systemModel', 'trajectory', 'protocolName', 'calibrationMode']);

/**
 * Every identifying text of a DICOM file, at any depth: those elements, all persons' names, all dates, all UIDs of its own. Of an
 * HDF5 file the texts of its XML header and its patient's id. Of any file its name and its folder's.
 */
export function identitiesOf(path: string): Set<string> {
  const found = new Set<string>();
  const add = (text: string | undefined): void => {
    for (const part of [text, ...(text ?? '').split(/[\\^=]/)]) {
      const trimmed = part?.trim() ?? '';
      if (trimmed.length >= SHORTEST && !COUNTER.test(trimmed)) found.add(trimmed);
    }
  };
  const visit = (dataSet: DataSet): void => {
    for (const [tag, element] of Object.entries(dataSet.elements)) {
      for (const item of element.items ?? []) if (item.dataSet !== undefined) visit(item.dataSet);
      const text = element.length > 0 && element.length < 1024 && !element.items ? dataSet.string(tag) : undefined;
      if (text === undefined) continue;
      const date = /^(19|20)\d{6}(\d{6}(\.\d+)?)?$/.test(text.trim());
      const uid = /^\d+(\.\d+){4,}$/.test(text.trim()) && !text.startsWith('1.2.840.10008.');
      if (IDENTIFYING.has(tag) || element.vr === 'PN' || date || uid) add(text);
    }
  };
  if (/\.h5$/i.test(path)) for (const text of textsOfHdf5(path)) add(text);
  try {
    const { dataSet } = parseDicom(readFileSync(path), path);
    visit(dataSet);
    // Some write the scanner's model where its station's name belongs; the model is a technical fact.
    found.delete(dataSet.string('x00081090')?.trim() ?? '');
  } catch {
    // Not DICOM: only its name says something.
  }
  for (const name of [basename(path), basename(path).replace(/\.[^.]*$/, ''), basename(dirname(path))]) add(name);
  return found;
}

/** Texts between the tags of an ISMRMRD header, and hexadecimal ids as fastMRI writes its patients'; numbers are technical. */
function textsOfHdf5(path: string): string[] {
  const bytes = readFileSync(path).toString('latin1');
  const leaves = [...bytes.matchAll(/<(\w+)>([^<>]{5,200})<\//g)]
    .filter(([, tag, text]) => !TECHNICAL_TAGS.has(tag!) && Number.isNaN(Number(text)))
    .map(([, , text]) => text!);
  return [...leaves, ...(bytes.match(/\b[0-9a-f]{32,64}\b/g) ?? [])];
}

/** The texts that occur anywhere in some bytes. */
export function occurring(texts: Iterable<string>, bytes: Uint8Array): Set<string> {
  // By their first five letters, so that one pass over the bytes is enough.
  const byStart = new Map<number, string[]>();
  const key = (a: number, b: number, c: number, d: number, e: number): number =>
    (((a * 128 + b) * 128 + c) * 128 + d) * 128 + e;
  for (const text of texts) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = Buffer.from(text, 'latin1');
    const start = key(a, b, c, d, e);
    byStart.set(start, [...(byStart.get(start) ?? []), text]);
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Set<string>();
  let printable = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    printable = byte >= 32 && byte < 127 ? printable + 1 : 0;
    if (printable < SHORTEST) continue;
    const at = i - SHORTEST + 1;
    const candidates = byStart.get(key(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!, byte));
    for (const text of candidates ?? []) {
      if (buffer.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'))) found.add(text);
    }
  }
  return found;
}
