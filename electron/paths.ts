import { app } from 'electron';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface ShellPaths {
  /** The Node runtime that runs the engine. */
  node: string;
  engine: string;
  renderer: string;
  pages: string;
  preload: string;
  diagnosticsPreload: string;
  icon: string;
  /** The licences of everything that is shipped. */
  licences: string;
}

/**
 * Where everything is. Packaged: the window inside the sealed archive, the engine and its Node beside it, since a plain Node
 * cannot read the archive. In the repository: the sources, with what `npm start` has built.
 * @param root folder of package.json: the archive, or the repository
 */
export function shellPaths(root = app.getAppPath(), resources = process.resourcesPath): ShellPaths {
  const executable = process.platform === 'win32' ? 'node.exe' : 'node';
  const build = join(root, 'build');
  const common = {
    renderer: join(build, 'renderer'),
    pages: join(build, 'electron', 'pages'),
    preload: join(build, 'electron', 'preload.cjs'),
    diagnosticsPreload: join(build, 'electron', 'diagnostics-preload.cjs'),
  };
  if (app.isPackaged) {
    return {
      ...common,
      node: join(resources, 'node', executable),
      engine: join(resources, 'engine', 'main', 'server', 'engine.js'),
      icon: join(resources, 'icon.png'),
      licences: join(resources, 'licences.txt'),
    };
  }
  return {
    ...common,
    node: join(root, 'node_modules', 'node', 'bin', executable),
    engine: join(root, 'main', 'server', 'engine.ts'),
    icon: join(root, 'resources', 'icons', 'icon.png'),
    licences: join(build, 'licences.txt'),
  };
}

/** The folder of the shell's and the engine's logs: where the command line writes its own, if that was said. */
export function logFolder(): string {
  return process.env['ISOCHROMAT_LOG_DIR'] ?? app.getPath('logs');
}

/** In the repository, Vite's address, if `npm run dev` said one; a packaged application never listens to it. */
export function developmentServer(): URL | undefined {
  const address = process.env['ISOCHROMAT_DEVELOPMENT_SERVER'];
  return app.isPackaged || address === undefined ? undefined : new URL(address);
}

/** Whether the licences were collected, so that the menu can offer them. */
export function hasLicences(paths: ShellPaths): boolean {
  return existsSync(paths.licences);
}
