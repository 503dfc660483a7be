// npm run fuzz -- --minutes N [--seed S] [--target dicom,hdf5…] [--out FOLDER]
// Changes real files at random and has them read; what crashes, hangs or fills the memory is kept.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../main/domain/random.ts';
import { mutate } from './fuzz/mutate.ts';
import type { Verdict } from './fuzz/reader.ts';
import { gatherSeeds } from './fuzz/seeds.ts';
import { TARGETS } from './fuzz/targets.ts';

/** What counts as hanging, and as filling the memory. */
const PATIENCE_MS = 10_000;
const MOST_MEGABYTES = 1024;
/** A reader is replaced now and then, so that what one file leaves behind is not blamed on another. */
const FILES_A_READER = 400;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', default: Object.keys(TARGETS).join(',') },
    out: { type: 'string', default: join(root, 'build', 'fuzz') },
  },
});

const data = process.env['ISOCHROMAT_TEST_DATA'] ?? join(root, '..', 'shared', 'data');
const folder = mkdtempSync(join(tmpdir(), 'isochromat-fuzz-'));
const seeds = await gatherSeeds([data, join(root, 'test', 'formats')], join(folder, 'seeds'));
const random = new Random(values.seed);
const counts = new Map<string, Record<string, number>>();
let reader: ChildProcess | undefined;
let served = 0;
let findings = 0;
let kept = 0;

const targets = values.target.split(',').map((name) => {
  const files = seeds.filter((path) => TARGETS[name]?.seeds.test(path));
  if (files.length === 0) throw new Error(`No file to begin with for "${name}".`);
  return { name, files };
});

const end = Date.now() + 60_000 * Number(values.minutes);
try {
  for (let round = 0; Date.now() < end; round++) {
    const { name, files } = targets[round % targets.length]!;
    const pick = (): Buffer => readFileSync(files[random.integer(0, files.length - 1)]!);
    const path = join(folder, `case${TARGETS[name]!.ending}`);
    writeFileSync(path, mutate(pick(), pick(), random));
    const verdict = await judge(name, path);
    const tally = counts.get(name) ?? {};
    tally[verdict.kind] = (tally[verdict.kind] ?? 0) + 1;
    tally['largest MB'] = Math.max(tally['largest MB'] ?? 0, Math.round(verdict.memory));
    counts.set(name, tally);
    if (verdict.kind === 'unforeseen' || verdict.kind === 'ended') keep(name, path, verdict.detail);
  }
} finally {
  reader?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
console.table(Object.fromEntries(counts));
console.log(findings === 0 ? 'Nothing unforeseen.' : `${findings} findings, kept in ${values.out}.`);
process.exitCode = findings === 0 ? 0 : 1;

async function judge(target: string, path: string, alone = false): Promise<Verdict> {
  if (reader === undefined || alone || served++ >= FILES_A_READER) {
    reader?.kill('SIGKILL');
    reader = fork(join(root, 'scripts', 'fuzz', 'reader.ts'), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    served = 0;
  }
  const child = reader;
  let cleared = (): void => {};
  const verdict = await new Promise<Verdict>((done) => {
    const failed = (detail: string, kind: Verdict['kind'] = 'unforeseen'): void => {
      reader = undefined;
      child.kill('SIGKILL');
      done({ kind, detail, memory: 0 });
    };
    const began = processorTime(child.pid!);
    let waited = 0;
    const timer = setInterval(() => {
      waited += PATIENCE_MS;
      // On a busy machine a reader may have waited rather than worked.
      if (processorTime(child.pid!) - began < 0.8 * PATIENCE_MS && waited < 12 * PATIENCE_MS) return;
      if (TARGETS[target]!.mayHang === true) failed('ended by the guard', 'ended');
      else failed(`no answer within ${PATIENCE_MS / 1000} s`);
    }, PATIENCE_MS);
    child.once('exit', (code, signal) => failed(`ended: ${code ?? signal}`));
    child.once('message', (answer: Verdict) => done(answer));
    child.send({ target, path });
    cleared = (): void => clearInterval(timer);
  });
  cleared();
  child.removeAllListeners();
  if (verdict.memory > MOST_MEGABYTES) {
    reader = undefined;
    child.kill('SIGKILL');
    // Perhaps earlier files left it behind: a reader of its own tells.
    if (!alone) return judge(target, path, true);
    return { ...verdict, kind: 'unforeseen', detail: `${Math.round(verdict.memory)} MB of memory` };
  }
  return verdict;
}

/** Milliseconds that a process has worked; where the system does not say (no /proc), as long as one waits for it. */
function processorTime(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return Date.now();
  }
}

function keep(target: string, path: string, detail: string): void {
  mkdirSync(values.out, { recursive: true });
  const name = `${target}-${values.seed}-${kept++}`;
  if (detail !== 'ended by the guard') findings++;
  copyFileSync(path, join(values.out, name + TARGETS[target]!.ending));
  writeFileSync(join(values.out, `${name}.txt`), `${detail}\n`);
  console.log(`${name}: ${detail.split('\n')[0]}`);
}
