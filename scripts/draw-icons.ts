// Draws the icons of the application from the one drawing, renderer/public/icon.svg, into resources/icons: PNG for Linux, ICO for
// Windows, ICNS for macOS. Needs Chromium; the results are committed. Run after the drawing has changed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const output = join(root, 'resources', 'icons');
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024] as const;
type Size = (typeof sizes)[number];

/** Apple's names for the sizes of an ICNS file; @2x entries repeat the larger picture. */
const icnsTypes: [type: string, size: Size][] = [
  ['icp4', 16], ['icp5', 32], ['ic11', 32], ['icp6', 64], ['ic12', 64], ['ic07', 128],
  ['ic08', 256], ['ic13', 256], ['ic09', 512], ['ic14', 512], ['ic10', 1024],
]; // prettier-ignore

async function rasterise(svg: string): Promise<Map<Size, Buffer>> {
  const browser = await chromium.launch({ executablePath: process.env['ISOCHROMAT_BROWSER'] ?? '/usr/bin/chromium' });
  try {
    const pictures = new Map<Size, Buffer>();
    for (const size of sizes) {
      const page = await browser.newPage({ viewport: { width: size, height: size } });
      await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
      pictures.set(size, await page.screenshot({ omitBackground: true }));
      await page.close();
    }
    return pictures;
  } finally {
    await browser.close();
  }
}

/** ICO with PNG entries, which every Windows since Vista reads: header, directory of 16 bytes each, pictures. */
function ico(pictures: ReadonlyMap<Size, Buffer>): Buffer {
  const entries = ([16, 24, 32, 48, 64, 128, 256] as const).map((size) => ({ size, png: pictures.get(size)! }));
  const directory = Buffer.alloc(6 + 16 * entries.length);
  directory.writeUInt16LE(1, 2);
  directory.writeUInt16LE(entries.length, 4);
  let offset = directory.length;
  entries.forEach(({ size, png }, i) => {
    const at = 6 + 16 * i;
    // 0 stands for 256.
    directory.writeUInt8(size % 256, at);
    directory.writeUInt8(size % 256, at + 1);
    directory.writeUInt16LE(1, at + 4);
    directory.writeUInt16LE(32, at + 6);
    directory.writeUInt32LE(png.length, at + 8);
    directory.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([directory, ...entries.map(({ png }) => png)]);
}

/** ICNS: a header, then type, length (big endian, with these eight bytes) and PNG of each. */
function icns(pictures: ReadonlyMap<Size, Buffer>): Buffer {
  const block = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(body.length + 8, 4);
    return Buffer.concat([head, body]);
  };
  return block('icns', Buffer.concat(icnsTypes.map(([type, size]) => block(type, pictures.get(size)!))));
}

const pictures = await rasterise(readFileSync(join(root, 'renderer', 'public', 'icon.svg'), 'utf8'));
mkdirSync(join(output, 'linux'), { recursive: true });
for (const size of sizes) {
  if (size !== 24) writeFileSync(join(output, 'linux', `${size}x${size}.png`), pictures.get(size)!);
}
writeFileSync(join(output, 'icon.png'), pictures.get(512)!);
writeFileSync(join(output, 'icon.ico'), ico(pictures));
writeFileSync(join(output, 'icon.icns'), icns(pictures));
