// Bundles renderer/ into build/renderer with Vite (vite.config.ts), unless what is there is newer than everything it is made of.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const made = join(root, 'build', 'renderer', 'index.html');

/** What the bundle is made of: the window's sources, the pure parts of main that it shares, the packages, the settings. */
function newestSource(): number {
  const folders = ['renderer', 'main/domain'].map((folder) => join(root, folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const others = ['package-lock.json', 'vite.config.ts'].map((file) => join(root, file));
  return Math.max(...[...files, ...others].map((file) => statSync(file).mtimeMs));
}

export async function buildWindow(): Promise<void> {
  if (existsSync(made) && statSync(made).mtimeMs > newestSource()) return;
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWindow();
