/**
 * The inverse 8×8 cosine transform of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) in 13-bit fixed point: the
 * "accurate integer" arithmetic that reference JPEG decoders share, so that pixels agree to the last bit.
 */
const SCALE = 13;
const c0298 = 2446; // round(0.298631336 · 2¹³), and so on
const c0390 = 3196;
const c0541 = 4433;
const c0765 = 6270;
const c0899 = 7373;
const c1175 = 9633;
const c1501 = 12299;
const c1847 = 15137;
const c1961 = 16069;
const c2053 = 16819;
const c2562 = 20995;
const c3072 = 25172;

/**
 * @param block 64 dequantised coefficients, row-major; replaced by samples around zero
 * @param precision bits per sample: 12-bit samples leave room for one extra bit between the passes, 8-bit ones for two
 */
export function inverseDct(block: Float64Array, precision: number): void {
  const extra = precision === 8 ? 2 : 1;
  for (let column = 0; column < 8; column++) pass(block, column, 8, SCALE - extra);
  for (let row = 0; row < 8; row++) pass(block, 8 * row, 1, SCALE + extra + 3);
}

/** One 8-point transform; products reach 2⁴⁰, hence doubles, which hold them exactly. */
function pass(v: Float64Array, at: number, step: number, shift: number): void {
  const [x0, x1, x2, x3] = [v[at]!, v[at + step]!, v[at + 2 * step]!, v[at + 3 * step]!];
  const [x4, x5, x6, x7] = [v[at + 4 * step]!, v[at + 5 * step]!, v[at + 6 * step]!, v[at + 7 * step]!];

  const rotation = (x2 + x6) * c0541;
  const low = rotation - x6 * c1847;
  const high = rotation + x2 * c0765;
  const sum = (x0 + x4) * 2 ** SCALE;
  const difference = (x0 - x4) * 2 ** SCALE;
  const even = [sum + high, difference + low, difference - low, sum - high];

  const z5 = (x7 + x3 + x5 + x1) * c1175;
  const z1 = -(x7 + x1) * c0899;
  const z2 = -(x5 + x3) * c2562;
  const z3 = z5 - (x7 + x3) * c1961;
  const z4 = z5 - (x5 + x1) * c0390;
  const odd = [x1 * c1501 + z1 + z4, x3 * c3072 + z2 + z3, x5 * c2053 + z2 + z4, x7 * c0298 + z1 + z3];

  const half = 2 ** (shift - 1);
  const unit = 2 ** shift;
  for (let k = 0; k < 4; k++) {
    v[at + k * step] = Math.floor((even[k]! + odd[k]! + half) / unit);
    v[at + (7 - k) * step] = Math.floor((even[k]! - odd[k]! + half) / unit);
  }
}
