import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { IsochromatError } from '../../domain/errors.ts';
import { asReadError, openForReading, readFully } from '../read-file.ts';

/** The bytes of a file in order, decompressed on the way when it is gzip; memory holds what is asked for at a time. */
export interface ByteSource {
  readonly compressed: boolean;
  /** Bytes of the file as it lies on the disk. */
  readonly fileBytes: number;
  /** The next `count` bytes, fewer at the end. */
  read(count: number): Promise<Buffer>;
  /** Passes over bytes. */
  skip(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file that may be compressed with gzip, which its first two bytes tell. */
export async function openBytes(path: string): Promise<ByteSource> {
  const { file, size } = await openForReading(path);
  const magic = Buffer.alloc(Math.min(2, size));
  await readFully(file, magic, 0, path);
  if (magic.toString('hex') === '1f8b') {
    await file.close();
    return openCompressed(path, size);
  }
  let position = 0;
  return {
    compressed: false,
    fileBytes: size,
    async read(count) {
      const bytes = Buffer.alloc(Math.max(0, Math.min(count, size - position)));
      await readFully(file, bytes, position, path);
      position += bytes.length;
      return bytes;
    },
    skip: (count) => {
      position = Math.min(size, position + count);
      return Promise.resolve();
    },
    close: () => file.close(),
  };
}

function openCompressed(path: string, size: number): ByteSource {
  const source = createReadStream(path);
  const inflated = source.pipe(createGunzip());
  source.on('error', (cause) => inflated.destroy(cause));
  const chunks = inflated[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);

  const next = async (): Promise<Buffer | undefined> => {
    try {
      const { value, done } = await chunks.next();
      return done === true ? undefined : value;
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? '';
      if (!code.startsWith('Z_')) throw asReadError(cause, path);
      throw new IsochromatError({
        code: 'gzip-damaged',
        sentence: code === 'Z_BUF_ERROR' ? 'The compressed file is cut off.' : 'The compressed file is damaged.',
        subject: path,
        remedy: 'Copy or download it again.',
        cause,
      });
    }
  };

  return {
    compressed: true,
    fileBytes: size,
    async read(count) {
      const parts = [rest];
      let length = rest.length;
      while (length < count) {
        const chunk = await next();
        if (chunk === undefined) break;
        parts.push(chunk);
        length += chunk.length;
      }
      const all = parts.length === 1 ? rest : Buffer.concat(parts);
      rest = all.subarray(Math.min(count, all.length));
      return all.subarray(0, count);
    },
    async skip(count) {
      let left = count - rest.length;
      if (left <= 0) {
        rest = rest.subarray(count);
        return;
      }
      rest = Buffer.alloc(0);
      while (left > 0) {
        const chunk = await next();
        if (chunk === undefined) return;
        if (chunk.length > left) rest = chunk.subarray(left);
        left -= chunk.length;
      }
    },
    close: () => {
      source.destroy();
      inflated.destroy();
      return Promise.resolve();
    },
  };
}
