import { IsochromatError } from '../../domain/errors.ts';
import { openForReading, readFully } from '../read-file.ts';

const SIGNATURE = '\x89HDF\r\n\x1a\n';
/** The superblock may follow a user block of 512 · 2ⁿ bytes (HDF5 file format specification, II.A). */
const LARGEST_USER_BLOCK = 1 << 20;

/**
 * Checks what can be checked before the HDF5 library sees the file: its signature, and that it is as long as it says.
 * @throws IsochromatError `file-empty`, `hdf5-not-hdf5`, `hdf5-truncated`, and those of opening a file
 */
export async function checkHdf5Signature(path: string): Promise<{ bytes: number }> {
  const { file, size } = await openForReading(path);
  try {
    if (size === 0) {
      throw new IsochromatError({
        code: 'file-empty',
        sentence: 'The file is empty.',
        subject: path,
        remedy: 'Copy or download it again.',
      });
    }
    const head = Buffer.alloc(64);
    for (let at = 0; at <= LARGEST_USER_BLOCK && at < size; at = at === 0 ? 512 : 2 * at) {
      head.fill(0);
      await readFully(file, head.subarray(0, Math.min(head.length, size - at)), at, path);
      if (head.toString('latin1', 0, 8) !== SIGNATURE) continue;
      const stated = statedEnd(head);
      if (stated !== undefined && at + stated > size) throw truncated(path, at + stated, size);
      return { bytes: size };
    }
    throw new IsochromatError({
      code: 'hdf5-not-hdf5',
      sentence: 'This is not an HDF5 file, whatever its name says.',
      subject: path,
      expected: 'the signature \\x89HDF at its beginning',
      found: describeHead(await firstBytes(file, size, path)),
      remedy: 'Check that this is the right file; a failed download often leaves a web page or text under its name.',
    });
  } finally {
    await file.close();
  }
}

/** End-of-file address in the superblock, counted from its base; undefined when it is of a version we do not know. */
function statedEnd(superblock: Buffer): number | undefined {
  const version = superblock[8]!;
  const offsetBytes = version <= 1 ? superblock[13] : superblock[9];
  if (version > 3 || offsetBytes !== 8) return undefined;
  const at = version === 0 ? 40 : version === 1 ? 44 : 28;
  const end = superblock.readBigUInt64LE(at);
  return end <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(end) : undefined;
}

function truncated(path: string, expected: number, found: number): IsochromatError {
  return new IsochromatError({
    code: 'hdf5-truncated',
    sentence: `The file is cut off: ${Math.round((100 * found) / expected)} % of it is here.`,
    subject: path,
    expected: `${expected} bytes`,
    found: `${found} bytes`,
    remedy: 'Copy or download it again.',
  });
}

async function firstBytes(file: Parameters<typeof readFully>[0], size: number, path: string): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.min(size, 24));
  await readFully(file, bytes, 0, path);
  return bytes;
}

function describeHead(bytes: Buffer): string {
  const printable = bytes.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127));
  return printable ? `text: ${JSON.stringify(bytes.toString('latin1'))}` : `bytes ${bytes.toString('hex')}`;
}
