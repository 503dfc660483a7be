import type { Command } from 'commander';
import type { TissueClass } from '../domain/tissue.ts';
import { writePhantomDataset } from '../jobs/phantom.ts';
import { action, command, decimal, textTable, wholeNumber } from './command.ts';

interface PhantomFlags {
  volumes: number;
  slices: number;
  size: number;
  coils: number;
  seed: number;
  unlabeled: number;
  threads?: number;
}

export function phantomCommand(): Command {
  return command('phantom', 'write the embedded data set: a numerical phantom of the head in the layout of fastMRI')
    .argument('<out>', 'new folder for the .h5 files, annotations.csv and phantom.json')
    .option('--volumes <n>', 'acquisitions, spread over sequences and classes', wholeNumber(1, 10000), 40)
    .option('--slices <n>', 'slices of each', wholeNumber(1, 64), 8)
    .option('--size <n>', 'rows and columns of an image (even)', wholeNumber(32, 1024), 320)
    .option('--coils <n>', 'receive coils', wholeNumber(1, 64), 8)
    .option('--seed <n>', 'the same seed makes the same files', wholeNumber(0), 1)
    .option('--unlabeled <share>', 'share of volumes that nobody reviewed, 0 to 1', decimal(0, 1), 0.4)
    .option('--threads <n>', 'volumes made at a time (default: one a core)', wholeNumber(1, 256))
    .action(
      action<PhantomFlags>(async ([out], { volumes, slices, size, coils, seed, unlabeled, threads }, context) => {
        const options = { volumes, slices, size, coils, seed, unlabeledShare: unlabeled };
        const { folder, written, failed } = await writePhantomDataset(options, out!, context, threads);
        const count = (tissueClass: TissueClass): number =>
          written.filter(({ plan }) => plan.tissueClass === tissueClass).length;
        const classes = { normal: count('normal'), abnormal: count('abnormal'), unlabeled: count('unlabeled') };
        return {
          value: {
            folder,
            volumes: written.map(({ plan }) => ({
              file: `${plan.file}.h5`,
              sequence: plan.sequence,
              tissueClass: plan.tissueClass,
            })),
            classes,
            failed: failed.map(({ file, error }) => ({ file, error: error.toJSON() })),
          },
          text: [
            textTable([['class', 'volumes'], ...Object.entries(classes)]),
            ...failed.map(({ file, error }) => `${file}: ${error.message}`),
            `Phantom data (no person was measured) in ${folder}`,
          ].join('\n'),
          failed: written.length === 0,
        };
      }),
    );
}
