import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeSafetensors } from '../../main/formats/safetensors.ts';

/** Larger ones are changed too rarely where it matters. */
const LARGEST = 600_000;

/** Paths of small real files below some folders, and of files made here for formats of which there are none. */
export async function gatherSeeds(folders: readonly string[], made: string): Promise<string[]> {
  mkdirSync(made, { recursive: true });
  writeFileSync(join(made, 'small.nii'), nifti());
  writeFileSync(join(made, 'packed.nii.gz'), gzipSync(nifti()));
  const box = {
    file: 'file_brain_AXT1_201_1',
    slice: 3,
    x: 10,
    y: 20.5,
    width: 30,
    height: 4e1,
    label: 'Mass – “left”',
  };
  writeFileSync(join(made, 'boxes.json'), JSON.stringify({ boxes: [box, { ...box, nested: { deep: [1, null] } }] }));
  writeFileSync(join(made, 'list.json'), JSON.stringify([box, box]));
  await writeSafetensors(join(made, 'small.safetensors'), {
    weight: { shape: [4, 5], data: Float32Array.from({ length: 20 }, (_, i) => i) },
    bias: { shape: [5], data: new Float32Array(5) },
  });
  return [...folders.filter((folder) => existsSync(folder)), made].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => statSync(path).size <= LARGEST),
  );
}

/** A NIfTI-1 image of 8 × 6 × 4 signed 16-bit voxels (nifti1.h). */
function nifti(): Buffer {
  const bytes = Buffer.alloc(352 + 2 * 8 * 6 * 4);
  bytes.writeInt32LE(348, 0);
  [3, 8, 6, 4, 1, 1, 1, 1].forEach((extent, i) => bytes.writeInt16LE(extent, 40 + 2 * i));
  bytes.writeInt16LE(4, 70);
  bytes.writeInt16LE(16, 72);
  [1, 2, 2, 5, 1, 1, 1, 1].forEach((size, i) => bytes.writeFloatLE(size, 76 + 4 * i));
  bytes.writeFloatLE(352, 108);
  bytes.writeFloatLE(1, 112);
  bytes.writeInt16LE(1, 254);
  [2, 0, 0, -8, 0, 2, 0, -6, 0, 0, 5, 0].forEach((value, i) => bytes.writeFloatLE(value, 280 + 4 * i));
  bytes.write('n+1\0', 344, 'latin1');
  for (let i = 0; i < 192; i++) bytes.writeInt16LE((i * 37) % 4096, 352 + 2 * i);
  return bytes;
}
