// Compiles main/kernels/assembly/<name>.ts to build/wasm/<name>.wasm, each only when its sources have changed since.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(root, 'main', 'kernels', 'assembly');
const output = join(root, 'build', 'wasm');

/** A file `name.ts` in the folder is an entry unless its name begins with an underscore (shared parts). */
interface Variant {
  name: string;
  entry: string;
  flags: string[];
}

const common = [
  '--runtime', 'stub', '--noAssert', '-O3', '--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory',
  '--importMemory', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '65536',
]; // prettier-ignore

function variants(): Variant[] {
  const entries = existsSync(sources)
    ? readdirSync(sources).filter((f) => f.endsWith('.ts') && !f.startsWith('_') && !f.endsWith('.d.ts'))
    : [];
  return entries.flatMap((file) => {
    const name = file.replace(/\.ts$/, '');
    return [
      { name: `${name}.relaxed`, entry: file, flags: ['--enable', 'relaxed-simd', '--use', 'RELAXED=1'] },
      { name, entry: file, flags: ['--use', 'RELAXED=0'] },
    ];
  });
}

function sourceHash(): string {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of readdirSync(sources).sort()) hash.update(file).update(readFileSync(join(sources, file)));
  return hash.digest('hex');
}

mkdirSync(output, { recursive: true });
const stamp = join(output, 'SOURCES.sha256');
const current = sourceHash();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== current) {
  for (const { name, entry, flags } of variants()) {
    const target = join(output, `${name}.wasm`);
    const partial = join(output, `.${name}.${process.pid}.wasm`);
    const { error, stderr } = await asc.main([join(sources, entry), ...common, ...flags, '--outFile', partial]);
    if (error) {
      console.error(stderr.toString());
      throw new Error(`The WebAssembly kernel ${name} did not compile: ${error.message}`);
    }
    renameSync(partial, target);
  }
  writeFileSync(stamp, current);
}
