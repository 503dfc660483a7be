import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IsochromatError } from '../domain/errors.ts';
import { kernelSourceHash } from './source-hash.ts';
import { compileWide, wideIsFaster } from './wide.ts';

/**
 * Each entry is compiled for what an engine and its processor have: `plain` SIMD; `relaxed` SIMD with fused multiply-add; `wide`, the same
 * for registers of 256 bits (wide.ts), of entries that gain by it. `relaxed` and `wide` give the same bits.
 */
export type KernelBuild = 'wide' | 'relaxed' | 'plain';

/** A compiled entry of `main/kernels/assembly/`, ready to be instantiated over a shared memory. */
export interface KernelModule {
  name: string;
  module: WebAssembly.Module;
  build: KernelBuild;
}

export interface LoadOptions {
  /** The best build to take (for tests and comparisons); a lesser one is taken where the engine has not what it needs. */
  build?: KernelBuild;
  /** Folder of the compiled kernels. */
  folder?: string;
}

const here = dirname(fileURLToPath(import.meta.url));
const compiledFolder = join(here, '..', '..', 'build', 'wasm');
const sourceFolder = join(here, 'assembly');

// (module (func (result v128) splat splat splat f32x4.relaxed_madd)): validates where the engine knows relaxed SIMD.
const relaxedProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 22, 1, 20, 1, 1, 123, 67, 0, 0, 0, 0, 253, 19,
  34, 0, 32, 0, 32, 0, 253, 133, 2, 11,
]);

/** Whether this engine has WebAssembly relaxed SIMD (and with it fused multiply-add on the hardware that has it). */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(relaxedProbe);
}

/**
 * Loads the compiled kernels of one entry, the best build that the engine takes.
 * Throws `kernels-missing` or `kernels-stale` (IsochromatError) with the command that builds them.
 */
export function loadKernelModule(name: string, options: LoadOptions = {}): KernelModule {
  const folder = options.folder ?? compiledFolder;
  const best = options.build ?? 'wide';
  const relaxed = best !== 'plain' && hasRelaxedSimd();
  const binary = readKernels(join(folder, `${name}${relaxed ? '.relaxed' : ''}.wasm`));
  refuseStale(name, folder);
  const wide = relaxed && best === 'wide' ? loadWide(join(folder, `${name}.wide.wasm`)) : undefined;
  if (wide !== undefined) return { name, module: wide, build: 'wide' };
  return { name, module: new WebAssembly.Module(binary), build: relaxed ? 'relaxed' : 'plain' };
}

function readKernels(file: string): Buffer<ArrayBuffer> {
  if (existsSync(file)) return readFileSync(file);
  throw new IsochromatError({
    code: 'kernels-missing',
    sentence: 'The compiled numerical kernels are missing.',
    subject: file,
    remedy: 'Run `npm run build:wasm`.',
  });
}

function loadWide(file: string): WebAssembly.Module | undefined {
  const module = existsSync(file) ? compileWide(readFileSync(file)) : undefined;
  return module !== undefined && wideIsFaster(module) ? module : undefined;
}

/** In a packaged application the sources are absent and nothing can be stale. */
function refuseStale(name: string, folder: string): void {
  if (!existsSync(join(sourceFolder, `${name}.ts`))) return;
  const stamp = join(folder, `${name}.sha256`);
  const found = existsSync(stamp) ? readFileSync(stamp, 'utf8').split(' ')[0] : 'no record of the sources';
  const expected = kernelSourceHash(sourceFolder, `${name}.ts`);
  if (found === expected) return;
  throw new IsochromatError({
    code: 'kernels-stale',
    sentence: 'The compiled numerical kernels do not belong to the present sources.',
    subject: join(folder, `${name}.wasm`),
    expected: `sources ${expected.slice(0, 12)}`,
    found: found?.slice(0, 24) ?? 'nothing',
    remedy: 'Run `npm run build:wasm`.',
  });
}
