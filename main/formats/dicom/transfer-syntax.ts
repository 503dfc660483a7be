/** How the pixels of a DICOM file are stored (PS3.5 annex A; UIDs from PS3.6 table A-1). */
export type Compression =
  'none' | 'rle' | 'jpeg-sequential' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000' | 'unsupported';

export interface TransferSyntax {
  uid: string;
  name: string;
  compression: Compression;
  explicitVr: boolean;
  bigEndian: boolean;
  deflated: boolean;
  /** True where decoding cannot give back what the scanner measured. */
  lossy: boolean;
}

const P = '1.2.840.10008.1.2';
type Row = [uid: string, name: string, compression: Compression, traits?: Partial<TransferSyntax>];

const ROWS: Row[] = [
  [P, 'Implicit VR Little Endian', 'none', { explicitVr: false }],
  [`${P}.1`, 'Explicit VR Little Endian', 'none'],
  [`${P}.1.99`, 'Deflated Explicit VR Little Endian', 'none', { deflated: true }],
  [`${P}.2`, 'Explicit VR Big Endian', 'none', { bigEndian: true }],
  [`${P}.5`, 'RLE Lossless', 'rle'],
  [`${P}.4.50`, 'JPEG Baseline (8 bit, lossy)', 'jpeg-sequential', { lossy: true }],
  [`${P}.4.51`, 'JPEG Extended (12 bit, lossy)', 'jpeg-sequential', { lossy: true }],
  [`${P}.4.57`, 'JPEG Lossless (process 14)', 'jpeg-lossless'],
  [`${P}.4.70`, 'JPEG Lossless (process 14, selection value 1)', 'jpeg-lossless'],
  [`${P}.4.80`, 'JPEG-LS Lossless', 'jpeg-ls'],
  [`${P}.4.81`, 'JPEG-LS Near-Lossless', 'jpeg-ls', { lossy: true }],
  [`${P}.4.90`, 'JPEG 2000 Lossless', 'jpeg-2000'],
  [`${P}.4.91`, 'JPEG 2000', 'jpeg-2000', { lossy: true }],
  [`${P}.4.92`, 'JPEG 2000 Part 2 Multi-component Lossless', 'unsupported'],
  [`${P}.4.93`, 'JPEG 2000 Part 2 Multi-component', 'unsupported', { lossy: true }],
  [`${P}.4.94`, 'JPIP Referenced', 'unsupported'],
  [`${P}.4.95`, 'JPIP Referenced Deflate', 'unsupported'],
  [`${P}.4.100`, 'MPEG-2 Main Profile', 'unsupported', { lossy: true }],
  [`${P}.4.102`, 'MPEG-4 AVC/H.264', 'unsupported', { lossy: true }],
  [`${P}.4.107`, 'HEVC/H.265', 'unsupported', { lossy: true }],
  [`${P}.4.110`, 'JPEG XL Lossless', 'unsupported'],
  [`${P}.4.112`, 'JPEG XL', 'unsupported', { lossy: true }],
  [`${P}.4.201`, 'High-Throughput JPEG 2000 Lossless', 'unsupported'],
  [`${P}.4.202`, 'High-Throughput JPEG 2000 with RPCL Lossless', 'unsupported'],
  [`${P}.4.203`, 'High-Throughput JPEG 2000', 'unsupported', { lossy: true }],
  [`${P}.8.1`, 'Deflated Image Frame Compression', 'unsupported'],
];

const TABLE = new Map<string, TransferSyntax>(
  ROWS.map(([uid, name, compression, traits]) => [
    uid,
    { uid, name, compression, explicitVr: true, bigEndian: false, deflated: false, lossy: false, ...traits },
  ]),
);

/** The syntax of a UID; one that no table knows is `unsupported` and named by its UID. */
export function transferSyntax(uid: string): TransferSyntax {
  return (
    TABLE.get(uid) ?? {
      uid,
      name: `unknown transfer syntax ${uid}`,
      compression: 'unsupported',
      explicitVr: true,
      bigEndian: false,
      deflated: false,
      lossy: false,
    }
  );
}
