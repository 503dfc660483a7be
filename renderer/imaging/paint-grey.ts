/**
 * The grey of every pixel, as 0xAABBGGRR: black at the window's lower end, white at its upper.
 * @param window in stored numbers
 */
export function paintGrey(
  out: Uint32Array,
  stored: Int16Array,
  { windowCenter, windowWidth }: { windowCenter: number; windowWidth: number },
  invert: boolean,
): void {
  const slope = (invert ? -255 : 255) / windowWidth;
  const start = 127.5 - slope * windowCenter;
  for (let i = 0; i < out.length; i++) {
    const value = stored[i]! * slope + start;
    const grey = value > 0 ? (value < 255 ? (value + 0.5) | 0 : 255) : 0;
    out[i] = 0xff000000 | (grey * 0x010101);
  }
}
