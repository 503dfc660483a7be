import { join } from 'node:path';
import { NpyWriter, writeNpy } from '../../main/formats/npy.ts';
import { createStudy } from '../../main/study/index.ts';
import type { VolumeFacts } from '../../main/study/index.ts';

const facts = (slices: number, rows: number): VolumeFacts => ({
  name: 'bench',
  sourceKey: 'bench',
  sourceSha256: '0'.repeat(64),
  sourceIndex: 0,
  sourceBytes: 1,
  sourceFormat: 'npy',
  sequence: 'AXT1',
  sequenceSource: 'user',
  tissueClass: 'unlabeled',
  classReason: 'made for measuring',
  patient: null,
  site: null,
  scanner: null,
  purpose: 'training',
  slices,
  rows,
  columns: rows,
  coils: null,
  hasPhase: true,
  originalRows: rows,
  originalColumns: rows,
  facialSlices: null,
  info: { pixelSpacing: [0.7, 0.7] },
});

/** A head-like disc whose phase turns from slice to slice; every slice is another. */
function slice(index: number, rows: number): Float32Array<ArrayBuffer> {
  const data = new Float32Array(2 * rows * rows);
  for (let i = 0; i < rows * rows; i++) {
    const [y, x] = [Math.floor(i / rows) / rows - 0.5, (i % rows) / rows - 0.5];
    const r = Math.hypot(x, y);
    const size = r < 0.42 ? 0.4 + 0.3 * Math.sin(40 * r + index / 9) : 0.01 * Math.abs(Math.sin(i * 12.9898 + index));
    const phase = 12 * x * y + index / 20;
    data[2 * i] = size * Math.cos(phase);
    data[2 * i + 1] = size * Math.sin(phase);
  }
  return data;
}

/**
 * A study with one volume of as many slices as are wanted.
 * @returns the id of the volume
 */
export async function longVolume(folder: string, slices: number, rows: number): Promise<string> {
  const study = await createStudy(folder, { name: 'A long volume' });
  try {
    const staged = study.volumes.stage();
    const writer = await NpyWriter.create(join(staged, 'image.npy'), { dtype: 'complex64', rowShape: [rows, rows] });
    for (let i = 0; i < slices; i++) await writer.append(slice(i, rows));
    await writer.close();
    const mask = new Uint8Array(slices * rows * rows).fill(1);
    await writeNpy(join(staged, 'mask.npy'), { dtype: 'uint8', shape: [slices, rows, rows], data: mask });
    const { id } = await study.volumes.add(staged, facts(slices, rows), { configuration: {}, inputs: [] });
    return id;
  } finally {
    study.close();
  }
}
