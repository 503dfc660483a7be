/** What a built image says; the rest is as of a small axial spin echo. */
export interface BuiltImage {
  series: string;
  instance: number;
  /** Of the slice along z, mm. */
  position: number;
  rows?: number;
  columns?: number;
  frames?: number | string;
  /** `M`, `P`. */
  component?: string;
  syntax?: string;
  pixels?: Uint8Array;
  patient?: string;
  manufacturer?: string;
  /** Whole image type, instead of the usual one of the component. */
  imageType?: string;
  rescale?: { slope: number; intercept: number; type?: string };
  bitsStored?: number;
  signed?: boolean;
  /** Where nothing else tells series apart: all components in one. */
  oneSeries?: boolean;
  echoTime?: number;
  orientation?: string;
  /** `null`: says nothing of where it lies. */
  place?: string | null;
  sopInstance?: string;
  seriesDescription?: string;
}

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const COMPONENTS = ['', 'M', 'P', 'R', 'I'];
const LONG = new Set(['OB', 'OW', 'UN', 'SQ', 'UT']);

/** An explicit little-endian MR image, written by hand: whatever a test wants it to claim. */
export function buildDicom(image: BuiltImage): Buffer {
  const { rows = 32, columns = 32, component = 'M', syntax = EXPLICIT_LITTLE_ENDIAN, bitsStored = 12 } = image;
  const number = image.oneSeries === true ? 1 : component === 'M' ? 1 : 2;
  const { rescale } = image;
  const place = image.place === undefined ? `0\\0\\${image.position}` : image.place;
  const pixels = image.pixels ?? ramp(rows * columns, image.instance);
  const uid = `1.2.826.0.1.3680043.10.999.${image.series}`;
  const body = Buffer.concat([
    element(0x0008, 0x0008, 'CS', image.imageType ?? `ORIGINAL\\PRIMARY\\${component}\\ND`),
    element(0x0008, 0x0016, 'UI', '1.2.840.10008.5.1.4.1.1.4'),
    element(0x0008, 0x0018, 'UI', image.sopInstance ?? `${uid}.${COMPONENTS.indexOf(component)}.${image.instance}`),
    element(0x0008, 0x0060, 'CS', 'MR'),
    element(0x0008, 0x0070, 'LO', image.manufacturer ?? 'SIEMENS'),
    element(0x0008, 0x103e, 'LO', image.seriesDescription ?? 't1_tse_tra'),
    element(0x0010, 0x0010, 'PN', image.patient ?? 'Muster^Hans'),
    element(0x0010, 0x0020, 'LO', image.patient ?? 'P-0815-4711'),
    element(0x0018, 0x0050, 'DS', '5'),
    element(0x0018, 0x0080, 'DS', '500'),
    element(0x0018, 0x0081, 'DS', String(image.echoTime ?? 10)),
    element(0x0018, 0x5100, 'CS', 'HFS'),
    element(0x0020, 0x000d, 'UI', `${uid}.0`),
    element(0x0020, 0x000e, 'UI', `${uid}.${number}`),
    element(0x0020, 0x0011, 'IS', String(number)),
    element(0x0020, 0x0013, 'IS', String(image.instance)),
    ...(place === null ? [] : [element(0x0020, 0x0032, 'DS', place)]),
    element(0x0020, 0x0037, 'DS', image.orientation ?? '1\\0\\0\\0\\1\\0'),
    element(0x0028, 0x0002, 'US', short(1)),
    ...(image.frames === undefined ? [] : [element(0x0028, 0x0008, 'IS', String(image.frames))]),
    element(0x0028, 0x0010, 'US', short(rows)),
    element(0x0028, 0x0011, 'US', short(columns)),
    element(0x0028, 0x0030, 'DS', '1\\1'),
    element(0x0028, 0x0100, 'US', short(16)),
    element(0x0028, 0x0101, 'US', short(bitsStored)),
    element(0x0028, 0x0102, 'US', short(bitsStored - 1)),
    element(0x0028, 0x0103, 'US', short(image.signed === true ? 1 : 0)),
    ...(rescale === undefined
      ? []
      : [
          element(0x0028, 0x1052, 'DS', String(rescale.intercept)),
          element(0x0028, 0x1053, 'DS', String(rescale.slope)),
          ...(rescale.type === undefined ? [] : [element(0x0028, 0x1054, 'LO', rescale.type)]),
        ]),
    element(0x7fe0, 0x0010, 'OW', pixels),
  ]);
  return withMeta(body, syntax);
}

/** The meta header before a data set in whatever encoding. */
export function withMeta(body: Uint8Array, syntax: string): Buffer {
  const meta = Buffer.concat([
    element(0x0002, 0x0001, 'OB', Buffer.from([0, 1])),
    element(0x0002, 0x0010, 'UI', syntax),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), element(0x0002, 0x0000, 'UL', length), meta, body]);
}

function element(group: number, number: number, vr: string, value: string | Uint8Array): Buffer {
  const content = typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.from(value);
  const padding = content.length % 2 === 0 ? Buffer.alloc(0) : Buffer.from(vr === 'UI' || vr === 'OB' ? '\0' : ' ');
  const header = Buffer.alloc(LONG.has(vr) ? 12 : 8);
  header.writeUInt16LE(group, 0);
  header.writeUInt16LE(number, 2);
  header.write(vr, 4, 'latin1');
  const bytes = content.length + padding.length;
  if (LONG.has(vr)) header.writeUInt32LE(bytes, 8);
  else header.writeUInt16LE(bytes, 6);
  return Buffer.concat([header, content, padding]);
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function ramp(samples: number, seed: number): Buffer {
  const values = Uint16Array.from({ length: samples }, (_, i) => (i * 7 + seed * 131) % 4096);
  return Buffer.from(values.buffer);
}
