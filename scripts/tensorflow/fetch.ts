import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { IsochromatError } from '../../main/domain/errors.ts';
import type { Python } from './tools.ts';
import { mustRun } from './tools.ts';
import type { Wheel } from './wheels.ts';
import { npmPackages, wheels } from './wheels.ts';

/** Downloads a wheel with pip into a folder, unless it is there already. */
export async function downloadWheel(python: Python, wheel: Wheel, folder: string): Promise<string> {
  const path = join(folder, wheel.fileName);
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).includes(wheel.fileName)) return path;
  await pipDownload(python, [`${wheel.package}==${wheel.version}`], wheel.platform, folder);
  return path;
}

/** Downloads the CUDA libraries that a GPU wheel names, but for compiler and profiler. */
export async function downloadCuda(python: Python, wheel: Wheel, wheelPath: string, folder: string): Promise<string[]> {
  const script = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    name = next(n for n in z.namelist() if n.endswith('.dist-info/METADATA'))
    print(z.read(name).decode())`;
  const metadata = await mustRun(python.command, [...python.prefix, '-c', script, wheelPath], {
    sentence: 'The wheel’s metadata could not be read.',
    missing: 'Python was not found.',
  });
  const needed = [...metadata.matchAll(/^Requires-Dist: (nvidia-[\w-]+)\s*\(?==\s*([\w.]+)\)?\s*;.*and-cuda/gm)]
    .map(([, name, version]) => `${name}==${version}`)
    .filter((requirement) => !/nvcc|cupti/.test(requirement));
  if (needed.length === 0) {
    throw new IsochromatError({
      code: 'tensorflow-wheel',
      sentence: 'This wheel names no CUDA libraries.',
      subject: basename(wheelPath),
      remedy: 'With --gpu, give a wheel of tensorflow, not of tensorflow-cpu.',
    });
  }
  mkdirSync(folder, { recursive: true });
  await pipDownload(python, needed, 'manylinux1_x86_64', folder, ['manylinux2014_x86_64', wheel.platform]);
  return readdirSync(folder).filter((name) => name.endsWith('.whl')).map((name) => join(folder, name)); // prettier-ignore
}

async function pipDownload(
  python: Python,
  requirements: readonly string[],
  platform: string,
  folder: string,
  otherPlatforms: readonly string[] = [],
): Promise<void> {
  const platforms = [platform, ...otherPlatforms].flatMap((name) => ['--platform', name]);
  const options = ['--no-deps', '--only-binary=:all:', '--python-version', '3.11', ...platforms];
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  await mustRun(python.command, [...python.prefix, '-m', 'pip', 'download', ...quiet, ...options, '--dest', folder, ...requirements], {
    sentence: `pip could not download ${requirements.join(', ')}.`,
    missing: 'Python was not found.',
    remedy: 'Is the network reachable, and does pip know your proxy or mirror? A wheel fetched elsewhere can be given with --wheel FILE.',
  }); // prettier-ignore
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/**
 * Compares a wheel with the hash that is known for its name.
 * @returns its hash, and whether it was a known one
 * @throws IsochromatError `tensorflow-wheel-hash`
 */
export async function verifyWheel(path: string): Promise<{ sha256: string; known: boolean }> {
  const sha256 = await sha256Of(path).catch((cause: unknown) => {
    throw new IsochromatError({ code: 'file-unreadable', sentence: 'The wheel cannot be read.', subject: path, cause });
  });
  const expected = Object.values(wheels).find(({ fileName }) => fileName === basename(path));
  if (expected !== undefined && expected.sha256 !== sha256) {
    throw new IsochromatError({
      code: 'tensorflow-wheel-hash',
      sentence: 'The wheel is not the one that was published under this name.',
      subject: path,
      expected: `SHA-256 ${expected.sha256}`,
      found: sha256,
      remedy: 'Delete it and try again; if it happens again, something on the way changes files.',
    });
  }
  return { sha256, known: expected !== undefined };
}

/** Unpacks from a wheel what the given expression matches, keeping its paths. */
export async function unpackWheel(python: Python, wheel: string, folder: string, members: string): Promise<void> {
  const script = `import re, sys, zipfile
wheel, folder, members = sys.argv[1:]
with zipfile.ZipFile(wheel) as z:
    names = [n for n in z.namelist() if re.match(members, n)]
    if not names: sys.exit('nothing in it matches ' + members)
    z.extractall(folder, names)`;
  mkdirSync(folder, { recursive: true });
  await mustRun(python.command, [...python.prefix, '-c', script, wheel, folder, members], {
    sentence: `${basename(wheel)} could not be unpacked.`,
    missing: 'Python was not found.',
    remedy: 'It must be a wheel of TensorFlow 2.16 or newer; unpacked, it needs about 700 MB.',
  });
}

/** Fetches the npm packages of the binding, without running any of their scripts, into `node_modules` of a folder. */
export async function fetchNpmPackages(folder: string): Promise<void> {
  const downloads = join(folder, 'downloads');
  mkdirSync(downloads, { recursive: true });
  const specifiers = npmPackages.map(({ name, version }) => `${name}@${version}`);
  const npm = process.env['npm_execpath'];
  const [command, prefix] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const options = ['pack', ...specifiers, '--ignore-scripts', '--json', '--loglevel', 'error'];
  const report = await mustRun(command, [...prefix, ...options, '--pack-destination', downloads], {
    sentence: 'npm could not download the parts of the binding.',
    missing: 'npm was not found.',
    remedy: 'Is the network reachable, and does npm know your proxy or mirror?',
  });
  const packed = JSON.parse(report) as { name: string; filename: string; integrity: string }[];
  for (const { name, integrity } of npmPackages) {
    const found = packed.find((entry) => entry.name === name);
    if (found?.integrity !== integrity) {
      throw new IsochromatError({
        code: 'setup-integrity',
        sentence: `The npm package ${name} is not the one that was published.`,
        expected: integrity,
        found: found?.integrity ?? 'nothing',
      });
    }
    const target = join(folder, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    // npm names the file `scope-name-version.tgz`, in some versions with a slash.
    const archive = join(downloads, found.filename.replace(/^@/, '').replaceAll('/', '-'));
    await mustRun('tar', ['-xzf', archive, '-C', downloads], {
      sentence: `${name} could not be unpacked.`,
      missing: 'The program tar was not found.',
    });
    const unpacked = readdirSync(downloads, { withFileTypes: true }).find((entry) => entry.isDirectory());
    renameSync(join(downloads, unpacked!.name), target);
  }
}
