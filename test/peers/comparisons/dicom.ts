import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { OURS } from './comparison.ts';
import type { Comparison } from './comparison.ts';

/** Where the real test files lie: as in test/data.ts, which belongs to the test runner. */
const DATA = resolve(process.env['ISOCHROMAT_TEST_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'));
/** Files of the series; enhanced ones hold many images each. */
const FILES = 401;

/** All series of the real test data that an independent decoder can read. */
export const dicomComparison: Comparison = {
  name: 'dicom-read',
  title: 'Reading every pixel of the DICOM series of five vendors',
  sides: [
    { name: OURS, program: 'node', task: 'read-dicom' },
    { name: 'pydicom', program: 'python', task: 'read-dicom' },
  ],
  settings: {},
  ...{ amount: FILES, unit: 'images/s' },
  inputs: async () => {
    const rows = parse(readFileSync(join(DATA, 'dicom_manifest.csv')), { columns: true }) as Record<string, string>[];
    const files = rows.filter((row) => row['decoded'] === 'yes' && row['path']!.startsWith('dicom/'));
    return { arrays: {}, settings: { files: files.map((row) => join(DATA, row['path']!)) } };
  },
  tolerance: { sums: 0 },
  targets: [{ against: 'pydicom', atLeast: 1 }],
  beside: true,
};
