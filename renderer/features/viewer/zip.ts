import { IsochromatError } from '../../../main/domain/errors.ts';

interface Entry {
  name: Uint8Array<ArrayBuffer>;
  sum: number;
  bytes: number;
  /** Where its header begins in the archive. */
  at: number;
}

/** What four bytes, and two, can count: archives beyond need an extension that not every program reads. */
const MOST_BYTES = 2 ** 32 - 1;
const MOST_FILES = 2 ** 16 - 1;
/** The first day that the format knows; the files say nothing of when they were made. */
const DATE = 0x21;
/** Names are in UTF-8. */
const FLAGS = 0x800;

/** A zip archive of files as they are: pictures are compressed already. Its files need not be in memory all at once. */
export class ZipArchive {
  private readonly parts: BlobPart[] = [];
  private readonly entries: Entry[] = [];
  private length = 0;

  /** @throws IsochromatError `archive-too-large` */
  async add(name: string, file: Blob): Promise<void> {
    const content = new Uint8Array(await file.arrayBuffer());
    const encoded = new TextEncoder().encode(name);
    const entry = { name: encoded, sum: checksum(content), bytes: content.length, at: this.length };
    const header = record(0x04034b50, [2, 20], [2, FLAGS], [2, 0], [2, 0], [2, DATE], ...sizes(entry), [2, 0]);
    this.length += header.length + encoded.length + content.length;
    if (this.length > MOST_BYTES || this.entries.length === MOST_FILES) throw tooLarge();
    this.parts.push(header, encoded, file);
    this.entries.push(entry);
  }

  /** The archive of what was added. */
  finished(): Blob {
    const directory = this.entries.flatMap((entry) => [
      record(
        0x02014b50,
        ...([
          [2, 20],
          [2, 20],
          [2, FLAGS],
          [2, 0],
          [2, 0],
          [2, DATE],
        ] as const),
        ...sizes(entry),
        ...([
          [2, 0],
          [2, 0],
          [2, 0],
          [2, 0],
          [4, 0],
          [4, entry.at],
        ] as const),
      ),
      entry.name,
    ]);
    const bytes = directory.reduce((sum, part) => sum + part.length, 0);
    const files = this.entries.length;
    const end = record(0x06054b50, [2, 0], [2, 0], [2, files], [2, files], [4, bytes], [4, this.length], [2, 0]);
    return new Blob([...this.parts, ...directory, end], { type: 'application/zip' });
  }
}

type Field = readonly [bytes: 2 | 4, value: number];

function sizes({ sum, bytes, name }: Entry): Field[] {
  return [
    [4, sum],
    [4, bytes],
    [4, bytes],
    [2, name.length],
  ];
}

/** A signature and the fields after it, little-endian. */
function record(signature: number, ...fields: Field[]): Uint8Array<ArrayBuffer> {
  const out = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 4)));
  out.setUint32(0, signature, true);
  let at = 4;
  for (const [bytes, value] of fields) {
    if (bytes === 2) out.setUint16(at, value, true);
    else out.setUint32(at, value, true);
    at += bytes;
  }
  return new Uint8Array(out.buffer);
}

let table: Uint32Array | undefined;

/** CRC-32 (ISO 3309). */
function checksum(content: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, i) => {
    let entry = i;
    for (let bit = 0; bit < 8; bit++) entry = entry & 1 ? (entry >>> 1) ^ 0xedb88320 : entry >>> 1;
    return entry;
  });
  let sum = 0xffffffff;
  for (let i = 0; i < content.length; i++) sum = (sum >>> 8) ^ table[(sum ^ content[i]!) & 255]!;
  return (sum ^ 0xffffffff) >>> 0;
}

function tooLarge(): IsochromatError {
  return new IsochromatError({
    code: 'archive-too-large',
    sentence: 'So many pictures do not fit into one archive.',
    expected: 'at most 4 GB and 65,535 pictures',
    remedy: 'Make the window smaller, or show fewer panes, and save again.',
  });
}
