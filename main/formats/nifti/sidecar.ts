import { readFile, stat } from 'node:fs/promises';

/** Technical facts of the JSON file beside an image (BIDS, dcm2niix); times in milliseconds. Nothing else is taken. */
export interface NiftiSidecar {
  units?: string;
  manufacturer?: string;
  model?: string;
  /** Tesla. */
  fieldStrength?: number;
  echoTime?: number;
  repetitionTime?: number;
  inversionTime?: number;
  flipAngle?: number;
  /** Tokens of dcm2niix' `ImageType`: `P`, `PHASE`, `REAL` … */
  imageType: string[];
  /** Names that people gave, to guess the sequence from. */
  names: string[];
}

export const LARGEST_SIDECAR = 1 << 22;

/** The JSON file beside an image; undefined where the image has no name of such images. */
export function sidecarOf(imagePath: string): string | undefined {
  const path = imagePath.replace(/\.nii(\.gz)?$/i, '.json');
  return path === imagePath ? undefined : path;
}

/** Reads the JSON file beside an image; one that is missing or cannot be read says nothing. */
export async function readSidecar(imagePath: string): Promise<NiftiSidecar> {
  const path = sidecarOf(imagePath);
  const nothing: NiftiSidecar = { imageType: [], names: [] };
  if (path === undefined) return nothing;
  const size = await stat(path).then(
    (status) => (status.isFile() ? status.size : 0),
    () => 0,
  );
  if (size === 0 || size > LARGEST_SIDECAR) return nothing;
  let document: unknown;
  try {
    document = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return nothing;
  }
  if (typeof document !== 'object' || document === null) return nothing;
  const fields = new Map(Object.entries(document));
  const text = (name: string): string | undefined => {
    const value: unknown = fields.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const number = (name: string, factor = 1): number | undefined => {
    const value: unknown = fields.get(name);
    return typeof value === 'number' && Number.isFinite(value) ? value * factor : undefined;
  };
  const imageType: unknown = fields.get('ImageType');
  const facts = {
    units: text('Units'),
    manufacturer: text('Manufacturer'),
    model: text('ManufacturersModelName'),
    fieldStrength: number('MagneticFieldStrength'),
    echoTime: number('EchoTime', 1000),
    repetitionTime: number('RepetitionTime', 1000),
    inversionTime: number('InversionTime', 1000),
    flipAngle: number('FlipAngle'),
  };
  return {
    ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
    imageType: Array.isArray(imageType) ? imageType.filter((token) => typeof token === 'string') : [],
    names: [text('ProtocolName'), text('SeriesDescription')].filter((name) => name !== undefined),
  };
}
