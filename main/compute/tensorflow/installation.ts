import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { IsochromatError } from '../../domain/errors.ts';

/** A TensorFlow C library with tfjs-node's binding compiled against it, as `npm run setup:tensorflow` leaves it. */
export interface TensorFlowInstallation {
  folder: string;
  device: 'cpu' | 'gpu';
  /** Of TensorFlow: "2.16.2". */
  version: string;
  /** Of the tfjs-node package whose kernels are used. */
  tfjsNode: string;
  /** The wheel that the library came from. */
  wheel: string;
  wheelSha256: string;
}

/** Layout inside an installation's folder. */
export const layout = {
  manifest: 'installation.json',
  /** The package `@tensorflow/tfjs-node`. */
  package: join('node_modules', '@tensorflow', 'tfjs-node'),
  binding: join('node_modules', '@tensorflow', 'tfjs-node', 'lib', 'napi-v8', 'tfjs_binding.node'),
} as const;

/** The user's cache folder: `ISOCHROMAT_CACHE`, else where the system keeps caches. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const own = environment['ISOCHROMAT_CACHE'];
  if (own !== undefined && own !== '') return own;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'isochromat');
  if (platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'isochromat', 'cache');
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'isochromat');
}

/** Where the library for that device is or would be. */
export function installationFolder(device: 'cpu' | 'gpu'): string {
  return join(cacheFolder(), `tensorflow-${device}`);
}

/**
 * The installation for a device, or null where there is none.
 * @throws IsochromatError `tensorflow-incomplete` where there is half of one
 */
export function findInstallation(device: 'cpu' | 'gpu'): TensorFlowInstallation | null {
  const folder = installationFolder(device);
  const manifest = join(folder, layout.manifest);
  if (!existsSync(manifest)) return null;
  try {
    if (!existsSync(join(folder, layout.binding))) throw new Error('the compiled binding is missing');
    return { ...(JSON.parse(readFileSync(manifest, 'utf8')) as Omit<TensorFlowInstallation, 'folder'>), folder };
  } catch (cause) {
    throw new IsochromatError({
      code: 'tensorflow-incomplete',
      sentence: 'The installation of TensorFlow is damaged.',
      subject: folder,
      found: cause instanceof Error ? cause.message : String(cause),
      remedy: 'npm run setup:tensorflow installs it again.',
      cause,
    });
  }
}
