// Makes a fresh clone ready, then runs what was asked. Uses nothing but Node itself (18 or newer).
//   node scripts/bootstrap.mjs run COMMAND [ARGUMENTS]   the isochromat command line
//   node scripts/bootstrap.mjs start [STUDY]             the application (scripts/start.ts); likewise dev and package
//   node scripts/bootstrap.mjs test [VITEST ARGUMENTS]   static checks and all tests; with arguments only those tests
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const windows = process.platform === 'win32';
const modules = join(root, 'node_modules');
const pinnedNode = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');
const [what, ...rest] = process.argv.slice(2);

installPackages();
await must('compile the WebAssembly kernels', pinnedNode, [join(root, 'scripts', 'build-wasm.ts')]);
if (what === 'run') {
  process.exit(await run(pinnedNode, [join(root, 'main', 'cli', 'index.ts'), ...rest]));
} else if (['start', 'dev', 'package'].includes(what)) {
  process.exit(await run(pinnedNode, [join(root, 'scripts', `${what}.ts`), ...rest]));
} else if (what === 'test') {
  process.exit(await test(rest));
} else {
  console.error('usage: bootstrap.mjs run COMMAND [ARGUMENTS] | start | dev | package | test [VITEST ARGUMENTS]');
  process.exit(2);
}

/** `npm ci` where node_modules is missing or belongs to another lock file. */
function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(modules, '.isochromat-lock');
  if (existsSync(pinnedNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('Installing packages (once, about half a minute) …');
  const npm = process.env.npm_execpath;
  const [program, prefix] = npm?.endsWith('.js') ? [process.execPath, [npm]] : [windows ? 'npm.cmd' : 'npm', []];
  const { status } = spawnSync(program, [...prefix, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
    // Under `npm run`, npm's own settings of the outer call must not reach the inner one.
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)_/.test(name)),
    ),
  });
  if (status !== 0 || !existsSync(pinnedNode)) {
    say('The packages could not be installed. Check the connection to the package registry, then run "npm ci" here.');
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

/** Static checks first, since they are quick; every part runs even when an earlier one failed. */
async function test(filters) {
  const tool = (path) => join(modules, ...path.split('/'));
  const checks = [
    ['formatting', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
    ['lint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0']],
    ['types', 'vue-tsc/bin/vue-tsc.js', ['--noEmit']],
    [
      'layers',
      'dependency-cruiser/bin/dependency-cruiser.mjs',
      ['--config', '.dependency-cruiser.cjs', 'electron', 'main', 'renderer', 'scripts', 'test'],
    ],
    ['unused code', 'knip/bin/knip.js', []],
  ];
  const failures = [];
  if (filters.length === 0) {
    installBrowser();
    for (const [name, path, args] of checks) {
      say(`Checking ${name} …`);
      if ((await run(pinnedNode, [tool(path), ...args])) !== 0) failures.push(name);
    }
  }
  const results = join(root, 'build', 'test-results.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const status = await run(pinnedNode, [tool('vitest/vitest.mjs'), 'run', ...reporters, ...filters]);
  summarise(results, failures);
  return status !== 0 || failures.length > 0 ? 1 : 0;
}

function summarise(results, failures) {
  if (existsSync(results)) {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(results, 'utf8'));
    if (numPendingTests > 0) console.log(`Skipped ${numPendingTests} tests; their names say what they need.`);
    console.log(`Tests: ${numPassedTests} passed, ${numFailedTests} failed`);
  }
  if (failures.length > 0) console.log(`Checks failed: ${failures.join(', ')}`);
}

/** Browser tests need Chromium or Chrome: taken where it is, installed where we may (root on Debian), else they skip. */
function installBrowser() {
  const known = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    process.env.ISOCHROMAT_BROWSER,
  ];
  if (known.some((path) => path && existsSync(path))) return;
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return;
  say('Installing Chromium for the browser tests …');
  const options = { stdio: ['ignore', 'ignore', 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update', '-qq'], options);
  const { status } = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
  if (status !== 0) say('Chromium could not be installed; the browser tests will be skipped.');
}

async function must(purpose, program, args) {
  if ((await run(program, args)) === 0) return;
  say(`Could not ${purpose}.`);
  process.exit(1);
}

function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ['run', 'start', 'dev'].includes(what) ? (process.env.INIT_CWD ?? process.cwd()) : root,
      stdio: 'inherit',
      env: { ...process.env, PATH: `${join(modules, '.bin')}${windows ? ';' : ':'}${process.env.PATH}` },
    });
    // Ctrl-C reaches the whole group; the child decides, we wait for it. A SIGTERM to us alone is passed on.
    const wait = () => {};
    const pass = () => child.kill('SIGTERM');
    process.on('SIGINT', wait).on('SIGTERM', pass);
    child.on('error', (error) => {
      say(`${program}: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      process.off('SIGINT', wait).off('SIGTERM', pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
