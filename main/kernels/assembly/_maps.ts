// From eigenvectors on a coarse raster to sensitivity maps: interpolation, unit length, phase. See recon/espirit.ts.
import { fma, fnma } from './_simd';

/**
 * Interpolates one line of complex samples: to[x] = Σ_k weight[x][k]·from[index[x][k]], four taps. Offsets are bytes (32 bits), weights
 * numbers of 32 bits, both [count, 4].
 */
export function stretchLine(from: usize, to: usize, count: usize, offsets: usize, weights: usize): void {
  for (let x: usize = 0; x < count; x++, offsets += 16, weights += 16, to += 8) {
    let sum = f32x4.mul(v128.load64_zero(from + load<u32>(offsets)), v128.load32_splat(weights));
    sum = fma(v128.load64_zero(from + load<u32>(offsets, 4)), v128.load32_splat(weights, 4), sum);
    sum = fma(v128.load64_zero(from + load<u32>(offsets, 8)), v128.load32_splat(weights, 8), sum);
    sum = fma(v128.load64_zero(from + load<u32>(offsets, 12)), v128.load32_splat(weights, 12), sum);
    v128.store64_lane(to, sum, 0);
  }
} // prettier-ignore

/**
 * One row of the maps, four points at a time. For coil c, `lines` + c·lineStride holds the stretched raster and `offsets` its four rows, with
 * `weights`. Coil c of the row goes to maps + c·mapStride. A point's byte in `rough` is 1 where the interpolated vector's squared length is off
 * by more than `tolerance` or |uᴴ·s| is below `least`. Lines are padded to whole groups of four points; `work` holds 32 bytes a coil.
 */
export function mapRow(
  coils: usize, columns: usize, lines: usize, lineStride: usize, offsets: usize, weights: usize, reference: usize, maps: usize,
  mapStride: usize, rough: usize, tolerance: f32, least: f32, work: usize,
): void {
  const o0 = load<u32>(offsets) as usize, o1 = load<u32>(offsets, 4) as usize, o2 = load<u32>(offsets, 8) as usize;
  const o3 = load<u32>(offsets, 12) as usize;
  const w0 = v128.load32_splat(weights), w1 = v128.load32_splat(weights, 4), w2 = v128.load32_splat(weights, 8);
  const w3 = v128.load32_splat(weights, 12);
  const one = f32x4.splat(1), tiny = f32x4.splat(1e-30);
  for (let x: usize = 0; x < columns; x += 4) {
    let energy = f32x4.splat(0), pr = energy, pi = energy;
    for (let c: usize = 0; c < coils; c++) {
      const p = lines + c * lineStride + (x << 3);
      let a = f32x4.mul(v128.load(p + o0), w0), b = f32x4.mul(v128.load(p + o0, 16), w0);
      a = fma(v128.load(p + o1), w1, a);
      b = fma(v128.load(p + o1, 16), w1, b);
      a = fma(v128.load(p + o2), w2, a);
      b = fma(v128.load(p + o2, 16), w2, b);
      a = fma(v128.load(p + o3), w3, a);
      b = fma(v128.load(p + o3, 16), w3, b);
      const re = v128.shuffle<f32>(a, b, 0, 2, 4, 6), im = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
      v128.store(work + (c << 5), re);
      v128.store(work + (c << 5), im, 16);
      const ur = v128.load32_splat(reference + (c << 3)), ui = v128.load32_splat(reference + (c << 3), 4);
      energy = fma(re, re, fma(im, im, energy));
      pr = fma(ur, re, fma(ui, im, pr));
      pi = fma(ur, im, fnma(ui, re, pi));
    }
    const size = f32x4.sqrt(fma(pr, pr, f32x4.mul(pi, pi)));
    const off = f32x4.gt(f32x4.abs(f32x4.sub(energy, one)), f32x4.splat(tolerance));
    const bits = i32x4.bitmask(v128.or(off, f32x4.lt(size, f32x4.splat(least))));
    const scale = f32x4.div(one, f32x4.max(f32x4.mul(size, f32x4.sqrt(energy)), tiny));
    const fr = f32x4.mul(pr, scale), fi = f32x4.neg(f32x4.mul(pi, scale));
    const lanes = min(4, columns - x);
    for (let lane: usize = 0; lane < lanes; lane++) store<u8>(rough + x + lane, ((bits >> (lane as i32)) & 1) as u8);
    for (let c: usize = 0; c < coils; c++) {
      const re = v128.load(work + (c << 5)), im = v128.load(work + (c << 5), 16);
      const zr = fnma(im, fi, f32x4.mul(re, fr)), zi = fma(re, fi, f32x4.mul(im, fr));
      const to = maps + c * mapStride + (x << 3);
      const low = v128.shuffle<f32>(zr, zi, 0, 4, 1, 5), high = v128.shuffle<f32>(zr, zi, 2, 6, 3, 7);
      if (lanes == 4) {
        v128.store(to, low);
        v128.store(to, high, 16);
      } else {
        v128.store64_lane(to, low, 0);
        if (lanes > 1) v128.store64_lane(to, low, 1, 8);
        if (lanes > 2) v128.store64_lane(to, high, 0, 16);
      }
    }
  }
} // prettier-ignore
