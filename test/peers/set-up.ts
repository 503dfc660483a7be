import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPython, mustRun, runTool } from '../../scripts/tensorflow/tools.ts';
import { peersPython } from './side.ts';

const requirements = fileURLToPath(new URL('./python/requirements.txt', import.meta.url));

/**
 * Puts the Python peers (PyTorch, h5py, SigPy, pydicom) into an environment of their own in the user's cache folder; some gigabytes.
 * What the system's package manager installs (BART) and `npm run setup:tensorflow` are left to the user.
 */
export async function setUpPeers(log: (line: string) => void): Promise<void> {
  const python = peersPython();
  if (existsSync(python) && (await isComplete(python))) return;
  if (process.env['ISOCHROMAT_PEERS_PYTHON'] !== undefined) {
    return log(`${python} lacks some of ${requirements}; those comparisons are left out.`);
  }
  const environment = dirname(dirname(python));
  const system = await findPython(true);
  log('Installing PyTorch and other peers (some gigabytes, once) …');
  mkdirSync(dirname(environment), { recursive: true });
  const venv = [...system.prefix, '-m', 'venv', '--clear', environment];
  await mustRun(system.command, venv, step('A Python environment could not be made.'));
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  await mustRun(python, install, step('The peers could not be installed.'));
}

async function isComplete(python: string): Promise<boolean> {
  const result = await runTool(python, ['-c', 'import h5py, libjpeg, numpy, openjpeg, pydicom, sigpy, torch']);
  return result?.status === 0;
}

function step(sentence: string): { sentence: string; missing: string; remedy: string } {
  return { sentence, missing: 'Python 3 was not found.', remedy: 'Check the connection to the package registry.' };
}
