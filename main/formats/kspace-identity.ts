import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { identifyingValue } from '../domain/identity.ts';
import type { IdentifyingValue } from '../domain/identity.ts';
import { Hdf5File } from './hdf5/file.ts';

/** Groups of an ISMRMRD header (ismrmrd.xsd) that are about people, places and times; every text in them is shown. */
const PERSONAL_GROUPS = ['subjectInformation', 'studyInformation'];
/** Texts of other groups that identify, or in which people write freely. */
const PERSONAL_TEXTS = new Set([
  'measurementID',
  'seriesDate',
  'seriesTime',
  'protocolName',
  'seriesDescription',
  'seriesInstanceUIDRoot',
  'frameOfReferenceUID',
  'referencedImageSequence',
  'referencedSOPInstanceUID',
  'institutionName',
  'stationName',
  'deviceID',
  'deviceSerialNumber',
]);
const LONGEST_XML = 1 << 22;
const DEEPEST = 8;
const MOST = 200;

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  removeNSPrefix: true,
  processEntities: false,
});

/** What a header says of whom and where, name by name. None of it enters a study. A header that is no XML says nothing. */
function ismrmrdIdentity(xml: string): IdentifyingValue[] {
  if (xml.length > LONGEST_XML || XMLValidator.validate(xml) !== true) return [];
  const found: IdentifyingValue[] = [];
  const visit = (element: unknown, name: string, personal: boolean, depth: number): void => {
    if (depth > DEEPEST || found.length >= MOST) return;
    if (Array.isArray(element)) for (const each of element) visit(each, name, personal, depth + 1);
    else if (typeof element === 'object' && element !== null) {
      for (const [child, content] of Object.entries(element)) {
        visit(content, child, personal || PERSONAL_GROUPS.includes(child), depth + 1);
      }
    } else if (typeof element === 'string' && (personal || PERSONAL_TEXTS.has(name))) {
      const value = identifyingValue(name, element);
      if (value !== undefined) found.push(value);
    }
  };
  visit(parser.parse(xml), '', false, 0);
  return found;
}

/**
 * What an HDF5 file of k-space says of whom: its header, and texts beside the data.
 * @param patient the attribute that a study keeps a keyed hash of, where this format has one
 * @throws IsochromatError `hdf5-…`, `file-…`
 */
export async function kspaceIdentity(path: string, patient?: string): Promise<IdentifyingValue[]> {
  const file = await Hdf5File.open(path);
  try {
    const places = ['ismrmrd_header', ...file.namesIn('/').map((group) => `${group}/xml`)];
    const headers = places.filter((name) => file.kindOf(name) === 'dataset').map((name) => file.readText(name) ?? '');
    const texts = Object.entries(file.attributes())
      .filter(([name, value]) => name !== 'acquisition' && typeof value === 'string')
      .map(([name, value]) => identifyingValue(name, String(value), name === patient ? 'hash' : 'nothing'));
    return [...texts.filter((value) => value !== undefined), ...headers.flatMap(ismrmrdIdentity)];
  } finally {
    file.close();
  }
}
