// Packages the application for real, around a placeholder for Electron, and looks at what came out.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineClient } from '../../electron/engine-client.ts';
import { askEngine } from '../../electron/engine-proxy.ts';
import { EngineProcess } from '../../electron/engine-process.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'isochromat-package-'));
const application = join(folder, 'linux-unpacked');
const resources = join(application, 'resources');
const engineFolder = join(resources, 'engine');
const node = join(resources, 'node', 'node');
// electron-builder brings it; it reads the archive as Electron does.
const asar = createRequire(createRequire(import.meta.url).resolve('app-builder-lib'))('@electron/asar') as {
  listPackage(archive: string, options: object): string[];
  extractFile(archive: string, file: string): Buffer;
};
const archive = join(resources, 'app.asar');
const files = (below: string): string[] =>
  readdirSync(below, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(below, join(entry.parentPath, entry.name)));

const linux = process.platform === 'linux';
const home = join(folder, 'home');
const clean = {
  PATH: '/usr/bin:/bin',
  HOME: home,
  ISOCHROMAT_LOG_DIR: join(home, 'log'),
  ISOCHROMAT_CONFIG_DIR: join(home, 'config'),
};

interface EndedJob {
  state: string;
  error: unknown;
  outcome: { items: string[]; links?: Record<string, string> } | null;
}

interface PackagedEngine {
  client: EngineClient;
  /** Submits a job, as the window does, and waits for its end. */
  ended: (kind: string, parameters: unknown) => Promise<EndedJob>;
}

/** Starts the packaged engine with a new study. */
async function withPackagedEngine(use: (packaged: PackagedEngine) => Promise<void>): Promise<void> {
  const entry = join(engineFolder, 'main', 'server', 'engine.js');
  const engine = new EngineProcess({ node, entry, environment: clean }, { backOff: [] });
  engine.on('log', (line) => process.stderr.write(`${line}\n`));
  try {
    engine.start();
    const client = new EngineClient(() => engine.ready());
    const change = async (procedure: string, input: unknown): Promise<unknown> => {
      const init = { method: 'POST', body: JSON.stringify(input), headers: { 'content-type': 'application/json' } };
      const reply = await askEngine(new Request(`app://isochromat/api/${procedure}`, init), await engine.ready());
      return ((await reply.json()) as { result: { data: unknown } }).result.data;
    };
    await engine.ready();
    const [place] = await client.tokens([mkdtempSync(join(folder, 'studies-'))]);
    await change('study.create', { folder: place!.token, name: 'Packaged' });
    await use({
      client,
      ended: async (kind, parameters) => {
        const { id } = (await change('jobs.submit', { kind, parameters })) as { id: string };
        for (;;) {
          const job = (await client.query('jobs.get', { id })) as EndedJob;
          if (job.state !== 'queued' && job.state !== 'running') return job;
          await new Promise((done) => setTimeout(done, 300));
        }
      },
    });
  } finally {
    await engine.stop();
  }
}

describe.skipIf(!linux)('the packaged application (on Linux)', () => {
  let listed: string[];
  let beside: string[];

  beforeAll(async () => {
    await run(process.execPath, [join(root, 'scripts', 'package.ts'), '--dir', `--output=${folder}`], {
      cwd: root,
      env: { ...process.env, ISOCHROMAT_PLACEHOLDER_ELECTRON: '1' },
    });
    listed = asar.listPackage(archive, {});
    beside = files(resources);
  }, 900_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the shell and the window in its archive, and nothing else', () => {
    for (const file of [
      '/package.json',
      '/build/electron/main.cjs',
      '/build/electron/preload.cjs',
      '/build/electron/diagnostics-preload.cjs',
      '/build/electron/pages/diagnostics.html',
      '/build/renderer/index.html',
    ]) {
      expect(listed).toContain(file);
    }
    expect(listed.filter((file) => !/^\/(package\.json|build(\/(electron|renderer)(\/.*)?)?)$/.test(file))).toEqual([]);
    const manifest = JSON.parse(asar.extractFile(archive, 'package.json').toString()) as Record<string, unknown>;
    expect(manifest).toMatchObject({ name: 'isochromat', main: 'build/electron/main.cjs' });
    expect(manifest).not.toHaveProperty('scripts');
  });

  it('has the engine, its kernels and its Node beside the archive, where a plain Node can read them', () => {
    for (const file of [
      'engine/main/server/engine.js',
      'engine/main/jobs/worker.js',
      'engine/build/wasm/recon.wasm',
      'engine/build/wasm/tensor.relaxed.wasm',
      'engine/build/wasm/tensor.wide.wasm',
      'engine/node_modules/h5wasm/package.json',
      'node/node',
      'licences.txt',
      'icon.png',
    ]) {
      expect(beside).toContain(file);
    }
    expect(statSync(node).mode & 0o111).not.toBe(0);
  });

  it('has no tests, sources, types, maps or development tools', () => {
    const strange = [...beside, ...listed].filter(
      (file) =>
        /\.(ts|mts|cts|tsx|vue|map|tsbuildinfo)$/.test(file) ||
        /(^|\/)(__tests__|tests?|fixtures|coverage|\.github)\//.test(file) ||
        /[._](test|spec)\.[cm]?js$/.test(file) ||
        /node_modules\/(typescript|electron|vitest|vite|rolldown|eslint|prettier|assemblyscript|playwright-core|@types)\//.test(
          file,
        ),
    );
    expect(strange).toEqual([]);
    // What names another module names one that is there.
    const compiled = beside.filter((file) => file.startsWith('engine/main/'));
    for (const file of compiled) {
      const text = readFileSync(join(resources, file), 'utf8');
      expect(/new URL\(\s*['"][^'"]*\.ts['"]/.test(text), file).toBe(false);
      for (const [, name] of text.matchAll(/new URL\(\s*['"]([^'"]+\.js)['"],\s*import\.meta\.url/g)) {
        expect(existsSync(join(resources, file, '..', name!)), `${file} → ${name}`).toBe(true);
      }
    }
  });

  it('has no size that grew unnoticed', () => {
    const size = (below: string): number =>
      files(below).reduce((sum, file) => sum + statSync(join(below, file)).size, 0) / 2 ** 20;
    const sizes = {
      'app.asar': statSync(archive).size / 2 ** 20,
      'engine/main': size(join(engineFolder, 'main')),
      'engine/build': size(join(engineFolder, 'build')),
      'engine/node_modules': size(join(engineFolder, 'node_modules')),
      node: size(join(resources, 'node')),
    };
    process.stdout.write(
      `Packaged sizes in MiB: ${JSON.stringify(sizes, (_, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(1)) : value))}\n`,
    );
    expect(sizes['app.asar']).toBeLessThan(12);
    expect(sizes['engine/main']).toBeLessThan(8);
    expect(sizes['engine/node_modules']).toBeLessThan(60);
    expect(sizes.node).toBeLessThan(160);
  });

  it('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(join(application, 'isochromat-desktop'));
    const on = (fuse: FuseV1Options): boolean => wire[fuse] === FuseState.ENABLE;
    expect({
      runAsNode: on(FuseV1Options.RunAsNode),
      cookies: on(FuseV1Options.EnableCookieEncryption),
      nodeOptions: on(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: on(FuseV1Options.EnableNodeCliInspectArguments),
      integrity: on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyArchive: on(FuseV1Options.OnlyLoadAppFromAsar),
      fileProtocol: on(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: false,
      cookies: true,
      nodeOptions: false,
      inspect: false,
      integrity: true,
      onlyArchive: true,
      fileProtocol: false,
    });
  });

  it('names the licence of everything that it holds', () => {
    const text = readFileSync(join(resources, 'licences.txt'), 'utf8');
    const nested = beside.filter((file) => /^engine\/(.*\/)?node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(file));
    expect(nested.length).toBeGreaterThan(20);
    for (const file of nested) {
      const { name, version } = JSON.parse(readFileSync(join(resources, file), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (name !== undefined && version !== undefined) expect(text).toContain(`${name} ${version} · `);
    }
    for (const name of ['vue', 'vuetify', 'electron', 'node'])
      expect(text).toMatch(new RegExp(`^${name} [0-9.]+ · `, 'm'));
  });

  it('knows nothing of updates unless it was told where releases are', () => {
    expect(beside).not.toContain('app-update.yml');
  });

  it('runs its engine with its Node, and an import through it, with nothing of the repository in reach', async () => {
    const scans = join(folder, 'scans');
    const phantom = ['phantom', scans, '--volumes', '1', '--slices', '2', '--size', '64', '--coils', '4'];
    await run(node, [join(engineFolder, 'main', 'cli', 'index.js'), ...phantom], { cwd: folder, env: clean });
    await withPackagedEngine(async ({ client, ended }) => {
      const [source] = await client.tokens([scans]);
      const parameters = { paths: [source!.token], acceptUnsure: true };
      expect(await ended('import', parameters)).toMatchObject({ state: 'succeeded' });
      expect(await client.query('volumes.list', {})).toMatchObject({ total: 1 });
    });
  }, 400_000);

  it('completes a demo: every part of the method, in its jobs’ own processes', async () => {
    await withPackagedEngine(async ({ client, ended }) => {
      const demo = await ended('demo', { minutes: 0.5, backend: 'cpu-simd' });
      expect(demo).toMatchObject({ state: 'succeeded', error: null });
      expect(demo.outcome!.links).toHaveProperty('report');
      expect(await client.query('patchSets.list')).toHaveLength(1);
    });
  }, 1_500_000);

  it('is what the licence file and the sources of this repository made, byte for byte where it is copied', () => {
    const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(digest(node)).toBe(digest(join(root, 'node_modules', 'node', 'bin', 'node')));
    expect(digest(join(engineFolder, 'build', 'wasm', 'recon.wasm'))).toBe(
      digest(join(root, 'build', 'wasm', 'recon.wasm')),
    );
  });
});
