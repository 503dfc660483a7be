/** Turns a value into a position in pixels. */
export type Scale = (value: number) => number;

export interface Tick {
  value: number;
  label: string;
}

export function linearScale([low, high]: readonly [number, number], [from, to]: readonly [number, number]): Scale {
  const span = high - low || 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

export function logarithmicScale([low, high]: readonly [number, number], pixels: readonly [number, number]): Scale {
  const scale = linearScale([Math.log10(low), Math.log10(high)], pixels);
  return (value) => scale(Math.log10(value));
}

/** About `count` round values (1, 2 or 5 times a power of ten apart) inside [low, high]. */
export function roundTicks(low: number, high: number, count: number): Tick[] {
  // A range that its own rounding swallows has no ticks between its ends.
  if (!(high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high), 1e-30)))
    return [{ value: low, label: plain(low, 3) }];
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * (raw / power > 7 ? 10 : raw / power > 3.5 ? 5 : raw / power > 1.5 ? 2 : 1);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    return { value, label: plain(value, digits) };
  });
}

/** 1, 2 and 5 times each power of ten inside [low, high]; powers only where that would be too many. */
export function logarithmicTicks(low: number, high: number): Tick[] {
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const factors = to - from > 3 ? [1] : [1, 2, 5];
  const ticks: Tick[] = [];
  const stride = Math.max(1, Math.ceil((to - from) / 8));
  for (let power = from; power <= to; power += stride) {
    for (const factor of factors) {
      const value = Number(`${factor}e${power}`);
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) {
        ticks.push({ value, label: plain(value, Math.max(0, -power)) });
      }
    }
  }
  return ticks;
}

function plain(value: number, digits: number): string {
  const text = Math.abs(value)
    .toFixed(Math.min(digits, 8))
    .replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}
