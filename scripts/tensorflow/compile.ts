import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { IsochromatError } from '../../main/domain/errors.ts';
import { layout } from '../../main/compute/tensorflow/installation.ts';
import { causeIn, runTool } from './tools.ts';

/**
 * Compiles tfjs-node's binding, unchanged, against the C library of a wheel. The binding finds the library beside it (`$ORIGIN`), so that the
 * folder may be moved.
 */
export async function compileBinding(folder: string): Promise<void> {
  const sources = join(folder, layout.package, 'binding');
  const output = join(folder, layout.binding);
  mkdirSync(dirname(output), { recursive: true });
  const library = join(folder, 'tensorflow');
  const up = '../../../../../tensorflow';
  const system = {
    linux: ['-shared', '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', `-Wl,-rpath,$ORIGIN/${up}`],
    darwin: [
      '-dynamiclib',
      '-undefined',
      'dynamic_lookup',
      join(library, 'libtensorflow_cc.2.dylib'),
      join(library, 'libtensorflow_framework.2.dylib'),
      `-Wl,-rpath,@loader_path/${up}`,
    ],
  }[process.platform as 'linux' | 'darwin'];
  const args = [
    '-std=c++17', '-O2', '-fPIC', '-DNAPI_VERSION=8', '-w',
    '-I', join(library, 'include'),
    '-I', join(folder, 'node_modules', 'node-api-headers', 'include'),
    join(sources, 'tfjs_backend.cc'),
    join(sources, 'tfjs_binding.cc'),
    '-L', library,
    ...system,
    '-o', output,
  ]; // prettier-ignore
  const compilers = [process.env['CXX'], 'g++', 'clang++', 'c++'].filter((name) => name !== undefined && name !== '');
  for (const compiler of compilers) {
    const result = await runTool(compiler!, args);
    if (result === null) continue;
    if (result.status === 0) return;
    throw new IsochromatError({
      code: 'setup-step-failed',
      sentence: 'The binding between Node and TensorFlow did not compile.',
      subject: compiler!,
      found: causeIn(result.errors),
      remedy: 'It needs a compiler of C++17: g++ 8 or newer, or clang 7 or newer.',
    });
  }
  throw new IsochromatError({
    code: 'setup-tool-missing',
    sentence: 'No C++ compiler was found.',
    expected: compilers.join(', '),
    remedy: 'On Debian or Ubuntu: apt install g++. On macOS: xcode-select --install.',
  });
}
