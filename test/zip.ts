import { crc32 } from 'node:zlib';

/** The files of a zip archive that stores them as they are, by its directory; their checksums are checked. */
export function storedFiles(archive: Buffer): { name: string; content: Buffer }[] {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    const [sum, bytes, named] = [16, 20, 28].map((field) => archive.readUInt32LE(at + field)) as [
      number,
      number,
      number,
    ];
    const length = named & 0xffff;
    const name = archive.toString('utf8', at + 46, at + 46 + length);
    const from = archive.readUInt32LE(at + 42) + 30 + length;
    const content = archive.subarray(from, from + bytes);
    if (crc32(content) !== sum) throw new Error(`${name} is damaged.`);
    at += 46 + length;
    return { name, content };
  });
}
