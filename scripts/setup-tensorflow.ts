// Puts TensorFlow's C library, from its Python wheel, and tfjs-node's binding compiled against it, into the user's cache folder.
//   npm run setup:tensorflow [-- --gpu] [-- --wheel FILE] [-- --force]
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { IsochromatError, asIsochromatError } from '../main/domain/errors.ts';
import { cacheFolder, findInstallation, installationFolder, layout } from '../main/compute/tensorflow/installation.ts';
import { coreShim } from '../main/compute/tensorflow/load.ts';
import { compileBinding } from './tensorflow/compile.ts';
import {
  downloadCuda,
  downloadWheel,
  fetchNpmPackages,
  sha256Of,
  unpackWheel,
  verifyWheel,
} from './tensorflow/fetch.ts';
import { findPython, mustRun } from './tensorflow/tools.ts';
import type { Python } from './tensorflow/tools.ts';
import { tfjsNodeVersion, wheelFor } from './tensorflow/wheels.ts';
import type { Wheel } from './tensorflow/wheels.ts';

interface Options {
  device: 'cpu' | 'gpu';
  wheel: string | null;
  force: boolean;
}

async function setUp({ device, wheel: given, force }: Options): Promise<void> {
  const target = installationFolder(device);
  if (!force && given === null && (await alreadyWorks(device))) return;

  const wheel = wheelFor(device);
  const downloads = join(cacheFolder(), 'downloads');
  if (given !== null) await checkWheel(given);
  const python = await findPython(given === null);
  const wheelPath = given ?? (await fetchWheel(python, wheel, downloads));

  const partial = `${target}.partial-${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  try {
    say('Unpacking the library …');
    await unpackWheel(python, wheelPath, partial, String.raw`tensorflow/(libtensorflow_(cc|framework)\.|include/)`);
    if (device === 'gpu') {
      say('Downloading and unpacking the CUDA libraries (about 2 GB) …');
      const cuda = await downloadCuda(python, wheel, wheelPath, join(downloads, 'cuda'));
      for (const path of cuda) await unpackWheel(python, path, partial, String.raw`nvidia/.*/lib/`);
    }
    say('Fetching tfjs-node …');
    await fetchNpmPackages(partial);
    rmSync(join(partial, 'downloads'), { recursive: true });
    for (const name of ['tfjs', 'tfjs-core']) writeShim(join(partial, 'node_modules', '@tensorflow', name), name);
    say('Compiling the binding …');
    await compileBinding(partial);
    rmSync(join(partial, 'tensorflow', 'include'), { recursive: true });
    const version = /-(\d+\.\d+[^-]*)-/.exec(basename(wheelPath))?.[1] ?? 'unknown';
    const manifest = {
      device,
      version,
      tfjsNode: tfjsNodeVersion,
      wheel: basename(wheelPath),
      wheelSha256: await sha256Of(wheelPath),
    };
    writeFileSync(join(partial, layout.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
    say('Checking it …');
    const verdict = await verify(partial);
    rmSync(target, { recursive: true, force: true });
    renameSync(partial, target);
    if (given === null) rmSync(downloads, { recursive: true, force: true });
    if (device === 'gpu' && !verdict.usesGpu)
      say('There is no NVIDIA GPU here, or no driver for it: it will compute on the CPU.');
    console.log(
      `TensorFlow ${verdict.version} works on ${processor(verdict)} with Node ${verdict.node}. It is in ${target}.`,
    );
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function fetchWheel(python: Python, wheel: Wheel, downloads: string): Promise<string> {
  say(`Downloading ${wheel.package} ${wheel.version} …`);
  const path = await downloadWheel(python, wheel, downloads);
  await checkWheel(path).catch((error: unknown) => {
    rmSync(path, { force: true });
    throw error;
  });
  return path;
}

async function checkWheel(path: string): Promise<void> {
  const { sha256, known } = await verifyWheel(path);
  const published = 'is the published one';
  say(`The wheel’s SHA-256 ${known ? published : `is ${sha256}; there is none on record to compare with`}.`);
}

async function alreadyWorks(device: 'cpu' | 'gpu'): Promise<boolean> {
  try {
    const installation = findInstallation(device);
    if (installation === null) return false;
    const verdict = await verify(installation.folder);
    console.log(
      `TensorFlow ${verdict.version} is installed already and works on ${processor(verdict)}, in ${installation.folder}.`,
    );
    return true;
  } catch (error) {
    say(`The installation that is there does not work and is made again. ${asIsochromatError(error).message}`);
    return false;
  }
}

interface Verdict {
  version: string;
  usesGpu: boolean;
  node: string;
}

/** Runs a convolution and its gradients on an installation, in another process. */
async function verify(folder: string): Promise<Verdict> {
  const script = fileURLToPath(new URL('tensorflow/verify.ts', import.meta.url));
  const output = await mustRun(process.execPath, [script, folder], {
    sentence: 'TensorFlow was installed but does not work.',
    missing: 'Node was not found.',
    remedy: 'A processor without AVX cannot run it; Isochromat’s own kernels (cpu-simd) run everywhere.',
  });
  return JSON.parse(output) as Verdict;
}

function processor({ usesGpu }: Verdict): string {
  return usesGpu ? 'the GPU' : 'the CPU';
}

function writeShim(folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify({ name: `@tensorflow/${name}`, version: '0.0.0', main: 'index.js' })}\n`,
  );
  writeFileSync(join(folder, 'index.js'), coreShim);
}

function say(line: string): void {
  console.error(line);
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: { gpu: { type: 'boolean' }, wheel: { type: 'string' }, force: { type: 'boolean' } },
    });
    const wheel = values.wheel === undefined ? null : resolve(process.env['INIT_CWD'] ?? '.', values.wheel);
    if (wheel !== null && !existsSync(wheel)) {
      throw new IsochromatError({ code: 'file-missing', sentence: 'There is no such wheel.', subject: wheel });
    }
    return { device: values.gpu ? 'gpu' : 'cpu', wheel, force: values.force ?? false };
  } catch (error) {
    say(
      error instanceof IsochromatError
        ? error.message
        : `${(error as Error).message}\nUsage: npm run setup:tensorflow [-- --gpu | --wheel FILE | --force]`,
    );
    process.exit(2);
  }
}

const options = readOptions();
try {
  await setUp(options);
} catch (error) {
  say(asIsochromatError(error).message);
  process.exitCode = 1;
}
