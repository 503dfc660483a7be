import { PNG } from 'pngjs';

/** A raster image; `channels` 1 = grey, 3 = red, green, blue, 4 = and opacity. */
export interface Raster {
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  data: Uint8Array;
}

const COLOUR_TYPE = { 1: 0, 3: 2, 4: 6 } as const;

export function encodePng({ width, height, channels, data }: Raster): Buffer {
  const colorType = COLOUR_TYPE[channels];
  const png = new PNG({ width, height });
  png.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  // inputColorType says how `data` is laid out; without it pngjs expects red, green, blue and opacity.
  return PNG.sync.write(png, {
    colorType,
    inputColorType: colorType,
    inputHasAlpha: channels === 4,
    deflateLevel: 9,
  } as Parameters<typeof PNG.sync.write>[1]);
}

/** For the `src` of an image inside a self-contained page. */
export function pngDataUri(raster: Raster): string {
  return `data:image/png;base64,${encodePng(raster).toString('base64')}`;
}
