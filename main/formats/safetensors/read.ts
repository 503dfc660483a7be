import type { FileHandle } from 'node:fs/promises';
import { bytesOf } from '../npy/dtype.ts';
import { openForReading, readFully } from '../read-file.ts';
import { LONGEST_HEADER, TENSOR_DTYPES, badHeader, parseSafetensorsHeader } from './header.ts';
import type { SafetensorsHeader, TensorData, TensorDtype } from './header.ts';

/** A named array of a safetensors file. */
export interface SafeTensor {
  shape: number[];
  dtype: TensorDtype;
  data: TensorData;
}

/**
 * Reads the tensors of a file.
 * @param only which of them; default: all
 * @throws IsochromatError `safetensors-…` naming what is wrong with the file
 */
export async function readSafetensors(
  path: string,
  only: (name: string) => boolean = () => true,
): Promise<{ tensors: Map<string, SafeTensor>; metadata: Record<string, string> }> {
  const { file, header } = await openAndParse(path);
  try {
    const tensors = new Map<string, SafeTensor>();
    for (const { name, dtype, shape, begin, end } of header.entries) {
      if (!only(name)) continue;
      const array = TENSOR_DTYPES[dtype];
      const data = new array((end - begin) / array.BYTES_PER_ELEMENT);
      await readFully(file, bytesOf(data), header.dataOffset + begin, path);
      tensors.set(name, { shape, dtype, data });
    }
    return { tensors, metadata: header.metadata };
  } finally {
    await file.close();
  }
}

/** Reads what is in a file without its numbers: names, types and shapes, and its metadata. */
export async function readSafetensorsHeader(path: string): Promise<SafetensorsHeader> {
  const { file, header } = await openAndParse(path);
  await file.close();
  return header;
}

async function openAndParse(path: string): Promise<{ file: FileHandle; header: SafetensorsHeader }> {
  const { file, size } = await openForReading(path);
  try {
    if (size < 10) throw badHeader(path, `a file of ${size} bytes`);
    const prefix = Buffer.alloc(8);
    await readFully(file, prefix, 0, path);
    const length = prefix.readBigUInt64LE(0);
    if (length > BigInt(Math.min(LONGEST_HEADER, size - 8))) throw badHeader(path, `a header of ${length} bytes`);
    const text = Buffer.alloc(Number(length));
    await readFully(file, text, 8, path);
    return { file, header: parseSafetensorsHeader(text.toString('utf8'), 8 + text.length, size, path) };
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}
