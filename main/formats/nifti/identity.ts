import { readFile, stat } from 'node:fs/promises';
import { identifyingValue } from '../../domain/identity.ts';
import type { IdentifyingValue } from '../../domain/identity.ts';
import { openBytes } from './bytes.ts';
import { NIFTI_HEADER_BYTES } from './header.ts';
import { LARGEST_SIDECAR, sidecarOf } from './sidecar.ts';

/** Texts of the header in which programs and people write freely: offset and length in either version. */
const HEADER_TEXTS = {
  1: { db_name: [14, 18], descrip: [148, 80], aux_file: [228, 24], intent_name: [328, 16] },
  2: { descrip: [240, 80], aux_file: [320, 24], intent_name: [508, 16] },
} as const;
/** Keys of the JSON file beside an image (BIDS, dcm2niix) that identify, or in which people write freely. */
const PERSONAL_KEYS =
  /^(Patient(?!Position)\w*|Institution\w*|StationName|DeviceSerialNumber|AccessionNumber|\w*(Date|Time)|\w*InstanceUID|StudyID|ReferringPhysician\w*|Operators?Name|\w*Description|ProtocolName|\w*Comments)$/;
const TECHNICAL_KEYS = /^(Echo|Repetition|Inversion|Slice|Trigger|Delay|Dwell|TotalReadout|AcquisitionDuration)\w*$/;

/** What an image and the JSON file beside it say of whom, name by name. None of it enters a study. */
export async function niftiIdentity(path: string): Promise<IdentifyingValue[]> {
  const bytes = await openBytes(path);
  let head: Buffer;
  try {
    head = await bytes.read(NIFTI_HEADER_BYTES);
  } finally {
    await bytes.close();
  }
  const version = [head.readInt32LE(0), head.readInt32BE(0)].includes(540) ? 2 : 1;
  const texts = Object.entries(HEADER_TEXTS[version]).map(([name, [start, length]]) =>
    identifyingValue(name, head.toString('latin1', start, start + length).split('\0')[0]!),
  );
  return [...texts, ...(await sidecarIdentity(path))].filter((value) => value !== undefined);
}

async function sidecarIdentity(imagePath: string): Promise<(IdentifyingValue | undefined)[]> {
  const path = sidecarOf(imagePath);
  const size =
    path === undefined
      ? 0
      : await stat(path).then(
          ({ size: bytes }) => bytes,
          () => 0,
        );
  if (path === undefined || size === 0 || size > LARGEST_SIDECAR) return [];
  try {
    const document: unknown = JSON.parse(await readFile(path, 'utf8'));
    return Object.entries(document as Record<string, unknown>)
      .filter(([key, value]) => PERSONAL_KEYS.test(key) && !TECHNICAL_KEYS.test(key) && typeof value !== 'object')
      .map(([key, value]) => identifyingValue(key, String(value)));
  } catch {
    return [];
  }
}
