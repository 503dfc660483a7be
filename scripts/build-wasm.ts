// Compiles main/kernels/assembly/<name>.ts to build/wasm/<name>.wasm (plain SIMD), <name>.relaxed.wasm (relaxed SIMD: fused
// multiply-add) and <name>.wide.wasm (for V8's revectoriser: registers of 256 bits; only of the entry that gains by it), each entry only when it or a file that it imports has changed since. A file is an entry unless its name
// begins with an underscore (shared parts).
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { kernelSourceHash } from '../main/kernels/source-hash.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(root, 'main', 'kernels', 'assembly');
const output = join(root, 'build', 'wasm');

const common = [
  '--runtime', 'stub', '--noAssert', '-O3', '--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory',
  '--importMemory', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '65536',
]; // prettier-ignore

const variants: { suffix: string; flags: string[]; only?: string }[] = [
  { suffix: '.wide', flags: ['--enable', 'relaxed-simd', '--use', 'RELAXED=1', '--use', 'WIDE=1'], only: 'tensor' },
  { suffix: '.relaxed', flags: ['--enable', 'relaxed-simd', '--use', 'RELAXED=1', '--use', 'WIDE=0'] },
  { suffix: '', flags: ['--use', 'RELAXED=0', '--use', 'WIDE=0'] },
];

const variantsOf = (name: string): typeof variants =>
  variants.filter(({ only }) => only === undefined || only === name);

const compiler = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url))).digest('hex'); // prettier-ignore

async function compile(name: string): Promise<void> {
  // Two programs may build at once (tests, a demo): each writes its own file and renames it into place.
  for (const { suffix, flags } of variantsOf(name)) {
    const partial = join(output, `.${name}${suffix}.${process.pid}.wasm`);
    const { error, stderr } = await asc.main([join(sources, `${name}.ts`), ...common, ...flags, '--outFile', partial]);
    if (error) {
      rmSync(partial, { force: true });
      throw new Error(`The WebAssembly kernel ${name} did not compile:\n${stderr.toString()}`, { cause: error });
    }
    renameSync(partial, join(output, `${name}${suffix}.wasm`));
  }
}

/** Compiles what is stale; returns the names that were compiled. */
export async function buildKernels(): Promise<string[]> {
  if (!existsSync(sources)) return [];
  mkdirSync(output, { recursive: true });
  const built: string[] = [];
  for (const file of readdirSync(sources).sort()) {
    if (!file.endsWith('.ts') || file.endsWith('.d.ts') || file.startsWith('_')) continue;
    const name = file.replace(/\.ts$/, '');
    const stamp = join(output, `${name}.sha256`);
    const wanted = `${kernelSourceHash(sources, file)} ${compiler}\n`;
    const present = variantsOf(name).every(({ suffix }) => existsSync(join(output, `${name}${suffix}.wasm`)));
    if (present && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
    await compile(name);
    writeFileSync(`${stamp}.${process.pid}`, wanted);
    renameSync(`${stamp}.${process.pid}`, stamp);
    built.push(name);
  }
  return built;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
