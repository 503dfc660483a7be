import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { writeFileAtomically } from '../formats/atomic-file.ts';
import { openFastMri } from '../formats/fastmri/index.ts';
import { makeFolder } from '../formats/make-folder.ts';
import { NpyWriter, writeNpy } from '../formats/npy.ts';
import type { NpyData } from '../formats/npy.ts';
import { IMAGE_SIZE, reconstructVolume } from '../recon/index.ts';
import { action, command, wholeNumber } from './command.ts';

interface ReconOptions {
  out: string;
  sensitivities?: boolean;
  rows: number;
  columns: number;
}

/** `recon FILE --out DIR`: k-space → `image.npy`, `mask.npy`, `info.json`. */
export function reconCommand(): Command {
  return command('recon', 'reconstruct one multi-coil acquisition: ESPIRiT combination, resized, normalised, masked')
    .argument('<file>', 'fastMRI HDF5')
    .requiredOption('--out <dir>', 'folder to write image.npy, mask.npy and info.json into')
    .option('--sensitivities', 'write the coil sensitivities too, before resizing')
    .option('--rows <n>', 'rows of the result', wholeNumber(16, 4096), IMAGE_SIZE)
    .option('--columns <n>', 'columns of the result', wholeNumber(16, 4096), IMAGE_SIZE)
    .action(
      action<ReconOptions>(async ([path], options, context) => {
        const out = resolve(options.out);
        makeFolder(out);
        const file = await openFastMri(path!);
        const maps = { writer: undefined as NpyWriter | undefined };
        try {
          const { image, mask, scales, problems, info } = await reconstructVolume(
            file,
            {
              rows: options.rows,
              columns: options.columns,
              ...(options.sensitivities === true
                ? {
                    onSensitivities: async (_slice, { shape, data }) => {
                      maps.writer ??= await NpyWriter.create(join(out, 'sensitivities.npy'), {
                        dtype: 'complex64',
                        rowShape: shape,
                      });
                      await maps.writer.append(data as NpyData);
                    },
                  }
                : {}),
            },
            context,
          );
          const shape = [image.slices, image.rows, image.columns];
          await writeNpy(join(out, 'image.npy'), { shape, dtype: 'complex64', data: image.data as NpyData });
          await writeNpy(join(out, 'mask.npy'), { shape, dtype: 'bool', data: mask as NpyData });
          await maps.writer?.close();
          const value = {
            file: path,
            sequence: file.sequence ?? null,
            shape,
            scales: Array.from(scales),
            reconstruction: info,
            problems: problems.map(({ slice, error }) => ({ slice, ...error.toJSON() })),
          };
          await writeFileAtomically(join(out, 'info.json'), async (handle) => {
            await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`);
          });
          const refusals = problems.map(({ slice, error }) => `Slice ${slice} was left empty: ${error.sentence}`);
          return {
            value,
            text: [`${shape.join(' × ')} complex image in ${join(out, 'image.npy')}`, ...refusals].join('\n'),
          };
        } finally {
          await file.close();
        }
      }),
    );
}
