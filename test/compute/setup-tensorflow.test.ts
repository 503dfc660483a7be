import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cacheFolder, findInstallation } from '../../main/compute/tensorflow/installation.ts';
import { wheels } from '../../scripts/tensorflow/wheels.ts';

const folder = mkdtempSync(join(tmpdir(), 'isochromat-setup-'));
afterAll(() => rmSync(folder, { recursive: true }));

function setUp(args: string[], environment: Record<string, string> = {}): { status: number | null; said: string } {
  const script = join(import.meta.dirname, '..', '..', 'scripts', 'setup-tensorflow.ts');
  const env = { ...process.env, ISOCHROMAT_CACHE: join(folder, 'cache'), ...environment };
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { env, encoding: 'utf8' });
  return { status, said: stderr };
}

describe('npm run setup:tensorflow', () => {
  it('says what is missing when there is no Python', () => {
    const { status, said } = setUp([], { PATH: folder });
    expect(status).toBe(1);
    expect(said).toContain('Python 3 was not found. Expected: Python 3 with pip');
    expect(said).toContain('apt install python3-pip');
  });

  it('refuses a wheel that is not what its name says', () => {
    const wheel = join(folder, wheels['linux-x64-cpu']!.fileName);
    writeFileSync(wheel, 'not a wheel');
    const { status, said } = setUp(['--wheel', wheel]);
    expect(status).toBe(1);
    expect(said).toMatch(/not the one that was published under this name.*SHA-256 c855cb6b/);
  });

  const withPython = spawnSync('python3', ['--version']).status === 0;
  it.skipIf(!withPython)('refuses a file that is no wheel of TensorFlow, and leaves nothing behind', () => {
    const wheel = join(folder, 'tensorflow-9.9.9-cp311-cp311-any.whl');
    writeFileSync(wheel, 'not a wheel');
    const { status, said } = setUp(['--wheel', wheel]);
    expect(status).toBe(1);
    expect(said).toMatch(/could not be unpacked. Found: zipfile.BadZipFile: File is not a zip file/);
    process.env['ISOCHROMAT_CACHE'] = join(folder, 'cache');
    expect(findInstallation('cpu')).toBeNull();
    delete process.env['ISOCHROMAT_CACHE'];
  });

  it('explains its options', () => {
    expect(setUp(['--cuda'])).toMatchObject({ status: 2, said: expect.stringContaining('Usage:') as unknown });
    expect(setUp(['--wheel', 'nowhere.whl'])).toMatchObject({
      status: 2,
      said: expect.stringContaining('no such wheel') as unknown,
    });
  });
});

describe('An installation of TensorFlow', () => {
  it('is kept where the system keeps caches, unless told otherwise', () => {
    expect(cacheFolder({ ISOCHROMAT_CACHE: '/own' })).toBe('/own');
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe(join('/x', 'isochromat'));
    expect(cacheFolder({ XDG_CACHE_HOME: '' }, 'linux')).toMatch(/\.cache.isochromat$/);
    expect(cacheFolder({}, 'darwin')).toMatch(/Library.Caches.isochromat$/);
    expect(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe(join('/local', 'isochromat', 'cache'));
  });

  it('that is damaged is named as such, with the way to mend it', () => {
    process.env['ISOCHROMAT_CACHE'] = join(folder, 'damaged');
    mkdirSync(join(folder, 'damaged', 'tensorflow-cpu'), { recursive: true });
    writeFileSync(join(folder, 'damaged', 'tensorflow-cpu', 'installation.json'), '{}');
    expect(() => findInstallation('cpu')).toThrow(/damaged.*binding is missing.*setup:tensorflow/);
    delete process.env['ISOCHROMAT_CACHE'];
  });
});
