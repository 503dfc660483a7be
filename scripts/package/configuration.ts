import { join } from 'node:path';
import type { Configuration } from 'electron-builder';
import type { Staged } from './stage.ts';
import electron from 'electron/package.json' with { type: 'json' };

/** The study's file for the double click: `study.isochromat` in its folder (electron/associations.ts). */
const association = {
  ext: 'isochromat',
  name: 'Isochromat Study',
  description: 'Isochromat Study',
  mimeType: 'application/x-isochromat-study',
  role: 'Editor' as const,
};

/**
 * What electron-builder makes of the staged folders.
 * @param root the repository
 * @param output where the packages go
 * @param electronDist an unpacked Electron, where it shall not be downloaded
 */
export function packagerConfiguration(
  root: string,
  { app, resources }: Staged,
  output: string,
  electronDist?: string,
): Configuration {
  const at = (...path: string[]): string => join(root, 'resources', ...path);
  return {
    appId: 'org.isochromat.desktop',
    productName: 'Isochromat',
    copyright: 'Research use only',
    electronVersion: electron.version,
    ...(electronDist === undefined ? {} : { electronDist }),
    directories: { app, output, buildResources: at('packaging') },
    files: ['**/*', '!**/node_modules/**'],
    asar: true,
    npmRebuild: false,
    nodeGypRebuild: false,
    // A plain Node cannot read the archive: the engine, its packages, kernels and native modules lie beside it.
    extraResources: [{ from: resources, to: '.', filter: ['**/*'] }],
    fileAssociations: [association],
    electronLanguages: ['en-US'],
    electronFuses: {
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    },
    ...releases(),
    win: { target: ['nsis'], icon: at('icons', 'icon.ico') },
    nsis: {
      oneClick: false,
      perMachine: false,
      allowToChangeInstallationDirectory: true,
      deleteAppDataOnUninstall: false,
    },
    mac: {
      target: ['dmg', 'zip'],
      icon: at('icons', 'icon.icns'),
      category: 'public.app-category.medical',
      hardenedRuntime: true,
      gatekeeperAssess: false,
      entitlements: at('packaging', 'entitlements.mac.plist'),
      entitlementsInherit: at('packaging', 'entitlements.mac.inherit.plist'),
      // The engine's Node is a program of its own and is signed as one.
      binaries: ['Contents/Resources/node/node'],
      extendInfo: { NSRequiresAquaSystemAppearance: false },
    },
    linux: {
      target: ['AppImage', 'deb'],
      icon: at('icons', 'linux'),
      category: 'Science',
      maintainer: 'The authors of Isochromat',
      executableName: 'isochromat-desktop',
      synopsis: 'Complex-valued brain MRI: learn, synthesise, review and score. Research use only.',
      mimeTypes: [association.mimeType],
    },
    deb: { priority: 'optional' },
  };
}

/** Where the updater of this build looks, if it shall look anywhere: a build without such an address knows nothing of updates. */
function releases(): Pick<Configuration, 'publish'> {
  const url = process.env['ISOCHROMAT_RELEASES_URL'];
  return { publish: url === undefined || url === '' ? null : { provider: 'generic', url } };
}
