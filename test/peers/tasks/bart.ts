import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixPhase } from '../../../main/recon/phase-convention.ts';
import { THREADS } from '../side.ts';
import { inObject } from './espirit.ts';
import type { EspiritSettings } from './espirit.ts';
import { readInputs } from './inputs.ts';
import type { PrepareTask } from './task.ts';

/** The settings that ours has too: kernels of 6 × 6 from 24 × 24 samples, one set of maps, no crop. */
const ECALIB = ['ecalib', '-m', '1', '-c', '0', '-r', '24:24:1', '-k', '6:6:1', '-t', '0.001'];

/** BART's `ecalib` (Berkeley Advanced Reconstruction Toolbox) on the same slices, one after the other on all threads, files in memory. */
export const bartEspirit: PrepareTask = async (input, settings) => {
  const { coils, rows, columns } = settings as unknown as EspiritSettings;
  const inputs = await readInputs(input);
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'isochromat-bart-'));
  process.on('exit', () => spawnSync('rm', ['-r', folder]));
  const [kspace, maps] = [join(folder, 'kspace'), join(folder, 'maps')];
  // BART's first axis is the fastest: columns, rows, one slice, coils.
  await writeFile(`${kspace}.hdr`, `# Dimensions\n${columns} ${rows} 1 ${coils} 1 \n`);
  await writeFile(`${kspace}.cfl`, Buffer.from(inputs.floats('kspace').buffer));
  const bart = (args: string[]): string => {
    const { status, error, stdout, stderr } = spawnSync('bart', args, { encoding: 'utf8' });
    if (error !== undefined) throw new Error(`BART is not installed (apt install bart): ${error.message}`);
    if (status !== 0) throw new Error(`bart ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  /** Processor time, which the shell tells of its children. */
  const timed = (args: string[]): number => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', 'bart "$@" >&2 && times', 'sh', ...args], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`bart ${args.join(' ')}: ${stderr}`);
    const [, ofChildren] = stdout.split('\n');
    const times = Array.from(ofChildren!.matchAll(/(\d+)m([\d.]+)s/g));
    return times.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
  };
  return {
    version: `BART ${bart(['version'])}`,
    note: `${THREADS} slices one after the other, ${THREADS} threads`,
    answer: async () => {
      bart([...ECALIB, kspace, maps]);
      const file = await readFile(`${maps}.cfl`);
      const vectors = new Float32Array(2 * coils * rows * columns);
      new Uint8Array(vectors.buffer).set(file.subarray(0, vectors.byteLength));
      const [re, im] = ['reference-re', 'reference-im'].map((name) => Float64Array.from(inputs.floats(name)));
      const values = new Float32Array(rows * columns);
      fixPhase({ sets: 1, coils, count: rows * columns, vectors, values }, { re: re!, im: im! });
      return { maps: inObject(vectors, inputs.floats('object')) };
    },
    run: async () => {
      let cpuSeconds = 0;
      for (let slice = 0; slice < THREADS; slice++) cpuSeconds += timed([...ECALIB, kspace, maps]);
      return { cpuSeconds };
    },
  };
};
