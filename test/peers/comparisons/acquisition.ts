import { join } from 'node:path';
import { openFastMri } from '../../../main/formats/fastmri/index.ts';
import { writePhantomDataset } from '../../../main/jobs/phantom.ts';
import { calibrate } from '../../../main/recon/calibrate.ts';
import { ifft2c } from '../../../main/recon/fft.ts';
import { coilCovariance, phaseReference } from '../../../main/recon/phase-reference.ts';
import { rootSumOfSquares } from '../../../main/recon/rss.ts';
import { THREADS } from '../side.ts';
import { floats } from '../tasks/task.ts';
import { OURS } from './comparison.ts';
import type { Comparison } from './comparison.ts';

const COILS = 16;
const [ROWS, COLUMNS] = [640, 320];
const SLICES = 4;
/** Share of the largest brightness below which a pixel is air. */
const AIR = 0.1;

/** A phantom's acquisition of the size that fastMRI's largest brain scans have. */
async function acquisition(folder: string): Promise<string> {
  const options = { volumes: 1, slices: SLICES, size: COLUMNS, coils: COILS, seed: 1, unlabeledShare: 0 };
  const { written } = await writePhantomDataset(options, join(folder, 'phantom'));
  return join(folder, 'phantom', `${written[0]!.plan.file}.h5`);
}

export const espiritComparison: Comparison = {
  name: 'espirit',
  title: `ESPIRiT maps of ${COILS} coils × ${ROWS} × ${COLUMNS}`,
  sides: [
    { name: OURS, program: 'node', task: 'espirit' },
    // Thirty iterations leave BART 1.04e-3 from the eigenvectors of every pixel (solved one by one), ours and SigPy's maps 8e-6 and 2e-7.
    { name: 'BART', program: 'node', task: 'bart-espirit', tolerance: { maps: 1.2e-3 } },
    { name: 'SigPy', program: 'python', task: 'espirit', untimed: true },
  ],
  settings: { coils: COILS, rows: ROWS, columns: COLUMNS },
  ...{ amount: THREADS, unit: 'maps/s' },
  inputs: async (folder) => {
    const file = await openFastMri(await acquisition(folder));
    try {
      const kspace = file.readKspaceSlice(SLICES / 2);
      const brightness = rootSumOfSquares(ifft2c(kspace));
      const brightest = brightness.reduce((a, b) => Math.max(a, b), 0);
      const { re, im } = phaseReference([coilCovariance(calibrate(kspace, ROWS))]);
      return {
        arrays: {
          kspace: floats(kspace.data),
          // In air nothing decides between eigenvectors: programs differ there, and no image does.
          object: floats(Float32Array.from(brightness, (value) => (value > AIR * brightest ? 1 : 0))),
          'reference-re': floats(Float32Array.from(re)),
          'reference-im': floats(Float32Array.from(im)),
        },
      };
    } finally {
      file.close();
    }
  },
  tolerance: { maps: 1e-4 },
  targets: [{ against: 'BART', atLeast: 5, stretch: 10 }],
};

function readingComparison(name: string, title: string, check: 'yes' | 'no'): Comparison {
  return {
    name,
    title: `${title} fastMRI slices of ${COILS} coils × ${ROWS} × ${COLUMNS} (26 MB) from the file cache`,
    sides: [
      { name: OURS, program: 'node', task: 'read-slices' },
      { name: 'h5py', program: 'python', task: 'read-slices' },
    ],
    settings: {},
    ...{ amount: SLICES, unit: 'slices/s' },
    inputs: async (folder) => ({ arrays: {}, settings: { file: await acquisition(folder), check } }),
    tolerance: { kspace: 0 },
    targets: [{ against: 'h5py', atLeast: 0.8, stretch: 1 }],
  };
}

export const readingComparisons: readonly Comparison[] = [
  readingComparison('fastmri-read', 'Reading', 'no'),
  readingComparison('fastmri-read-checked', 'Reading, and looking for what is not a number in,', 'yes'),
];
