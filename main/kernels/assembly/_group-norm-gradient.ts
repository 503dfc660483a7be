// The gradient of group normalisation with FiLM and SiLU: two passes over one image.
import { affine } from './_group-norm';
import { fma, pointer, shareStart, sigmoid, word } from './_simd';

/** Bytes of x, dy and dz that a block of pixels of the gradient's first pass may take: the first-level cache. */
const BLOCK_BYTES = 24576;

/**
 * First pass of the gradient: dz = dy·act′(z) into dx, and per channel S₁ = Σ dz, S₂ = Σ dz·x̂ (x̂ the normalised x).
 * Blocks of pixels, in them four channels at a time: sums stay in registers, and every line of memory in the cache.
 */
function gradientSums(
  dy: usize, x: usize, dz: usize, pixels: i32, channels: i32, size: i32, statistics: usize, slope: usize, offset: usize, means: usize,
  silu: i32, s1: usize, s2: usize,
): void {
  const step = <usize>channels << 2;
  for (let c = 0; c < channels; c++) {
    const o = <usize>c << 2;
    store<f32>(means + o, load<f32>(statistics + (<usize>(c / size) << 3)));
    store<f32>(s1 + o, 0);
    store<f32>(s2 + o, 0);
  }
  const block = max(8, BLOCK_BYTES / (12 * channels));
  for (let first = 0; first < pixels; first += block) {
    const skip = step * first;
    const count = min(block, pixels - first);
    let c = 0;
    for (; c + 8 <= channels; c += 8) {
      const o = <usize>c << 2;
      sumsOfEight(dy + skip + o, x + skip + o, dz + skip + o, count, step, slope + o, offset + o, means + o, silu, s1 + o, s2 + o);
    }
    for (; c + 4 <= channels; c += 4) {
      const o = <usize>c << 2;
      sumsOfFour(dy + skip + o, x + skip + o, dz + skip + o, count, step, slope + o, offset + o, means + o, silu, s1 + o, s2 + o);
    }
    for (; c < channels; c++) {
      const o = <usize>c << 2;
      sumsOfOne(dy + skip + o, x + skip + o, dz + skip + o, count, step, slope + o, offset + o, means + o, silu, s1 + o, s2 + o);
    }
  }
  for (let c = 0; c < channels; c++) {
    const o = <usize>c << 2, s = statistics + (<usize>(c / size) << 3);
    store<f32>(s2 + o, load<f32>(s2 + o) * load<f32>(s, 4));
  }
}

/** silu′(z) = σ·(1 + z·(1 − σ)) */
// @ts-ignore: decorator
@inline
function siluSlope(z: v128): v128 {
  const one = f32x4.splat(1);
  const s = sigmoid(z);
  return f32x4.mul(s, fma(z, f32x4.sub(one, s), one));
}

function sumsOfEight(
  pd: usize, px: usize, pz: usize, count: i32, step: usize, slope: usize, offset: usize, mean: usize, silu: i32, s1: usize, s2: usize,
): void {
  const a0 = v128.load(slope), a1 = v128.load(slope, 16), b0 = v128.load(offset), b1 = v128.load(offset, 16);
  const m0 = v128.load(mean), m1 = v128.load(mean, 16);
  let sum0 = v128.load(s1), sum1 = v128.load(s1, 16), sumX0 = v128.load(s2), sumX1 = v128.load(s2, 16);
  if (silu) {
    for (let i = count; i > 0; --i) {
      const v0 = v128.load(px), v1 = v128.load(px, 16);
      const z0 = siluSlope(fma(v0, a0, b0)), z1 = siluSlope(fma(v1, a1, b1));
      const d0 = f32x4.mul(v128.load(pd), z0), d1 = f32x4.mul(v128.load(pd, 16), z1);
      v128.store(pz, d0); v128.store(pz, d1, 16);
      sum0 = f32x4.add(sum0, d0); sum1 = f32x4.add(sum1, d1);
      sumX0 = fma(d0, f32x4.sub(v0, m0), sumX0); sumX1 = fma(d1, f32x4.sub(v1, m1), sumX1);
      px += step; pd += step; pz += step;
    }
  } else {
    for (let i = count; i > 0; --i) {
      const d0 = v128.load(pd), d1 = v128.load(pd, 16);
      v128.store(pz, d0); v128.store(pz, d1, 16);
      sum0 = f32x4.add(sum0, d0); sum1 = f32x4.add(sum1, d1);
      sumX0 = fma(d0, f32x4.sub(v128.load(px), m0), sumX0); sumX1 = fma(d1, f32x4.sub(v128.load(px, 16), m1), sumX1);
      px += step; pd += step; pz += step;
    }
  }
  v128.store(s1, sum0); v128.store(s1, sum1, 16);
  v128.store(s2, sumX0); v128.store(s2, sumX1, 16);
}

function sumsOfFour(
  pd: usize, px: usize, pz: usize, count: i32, step: usize, slope: usize, offset: usize, mean: usize, silu: i32, s1: usize, s2: usize,
): void {
  const a = v128.load(slope), b = v128.load(offset), m = v128.load(mean);
  let sum = v128.load(s1), sumX = v128.load(s2);
  if (silu) {
    for (let i = count; i > 0; --i) {
      const v = v128.load(px);
      const d = f32x4.mul(v128.load(pd), siluSlope(fma(v, a, b)));
      v128.store(pz, d);
      sum = f32x4.add(sum, d);
      sumX = fma(d, f32x4.sub(v, m), sumX);
      px += step; pd += step; pz += step;
    }
  } else {
    for (let i = count; i > 0; --i) {
      const d = v128.load(pd);
      v128.store(pz, d);
      sum = f32x4.add(sum, d);
      sumX = fma(d, f32x4.sub(v128.load(px), m), sumX);
      px += step; pd += step; pz += step;
    }
  }
  v128.store(s1, sum);
  v128.store(s2, sumX);
}

function sumsOfOne(
  pd: usize, px: usize, pz: usize, count: i32, step: usize, slope: usize, offset: usize, mean: usize, silu: i32, s1: usize, s2: usize,
): void {
  const a = load<f32>(slope), b = load<f32>(offset), m = load<f32>(mean);
  let sum = load<f32>(s1), sumX = load<f32>(s2);
  for (let i = count; i > 0; --i) {
    const v = load<f32>(px);
    let d = load<f32>(pd);
    if (silu) d *= f32x4.extract_lane(siluSlope(f32x4.splat(v * a + b)), 0);
    store<f32>(pz, d);
    sum += d;
    sumX += d * (v - m);
    px += step; pd += step; pz += step;
  }
  store<f32>(s1, sum);
  store<f32>(s2, sumX);
}

/**
 * dx = r·(g − mean g − x̂·mean(g·x̂)), g = dz·(1 + s)·γ, means over the group = dz·p[c] + x·q[c] + w[c]; S₁ and S₂ [n, c] are left for
 * groupNormParameterGradients.
 * Job: 0 dy, 1 x, 2 γ, 3 β, 4 scale (0: none), 5 shift, 6 statistics, 7 dx, 8 S₁, 9 S₂, 10 images, 11 pixels, 12 channels, 13 groups,
 * 14 SiLU?, 15 scratch, 16 scratch bytes per thread (4 channel vectors).
 */
export function groupNormGradient(job: usize, thread: i32, threads: i32): void {
  const images = word(job, 10), pixels = word(job, 11), channels = word(job, 12), groups = word(job, 13), silu = word(job, 14);
  const size = channels / groups;
  const vector = (<usize>channels * 4 + 63) & ~(<usize>63);
  const slope = pointer(job, 15) + <usize>thread * pointer(job, 16);
  const offset = slope + vector, q = offset + vector, w = q + vector;
  const gamma = pointer(job, 2), scale = pointer(job, 4), shift = pointer(job, 5);
  const imageBytes = <usize>pixels * <usize>channels << 2;
  const count = <f32>size * <f32>pixels;
  const to = shareStart(images, 1, thread + 1, threads);
  for (let n = shareStart(images, 1, thread, threads); n < to; n++) {
    const x = pointer(job, 1) + imageBytes * n, dx = pointer(job, 7) + imageBytes * n;
    const row = <usize>(n * channels) << 2;
    const statistics = pointer(job, 6) + (<usize>(n * groups) << 3);
    const s1 = pointer(job, 8) + row, s2 = pointer(job, 9) + row;
    affine(channels, groups, statistics, gamma, pointer(job, 3), scale ? scale + row : 0, shift ? shift + row : 0, slope, offset);
    gradientSums(pointer(job, 0) + imageBytes * n, x, dx, pixels, channels, size, statistics, slope, offset, w, silu, s1, s2);
    for (let g = 0; g < groups; g++) {
      const mean = load<f32>(statistics + (<usize>g << 3)), inverse = load<f32>(statistics + (<usize>g << 3), 4);
      let m1: f32 = 0, m2: f32 = 0;
      for (let c = g * size; c < (g + 1) * size; c++) {
        const o = <usize>c << 2;
        const factor = load<f32>(gamma + o) * (scale ? <f32>1 + load<f32>(scale + row + o) : <f32>1);
        m1 += load<f32>(s1 + o) * factor;
        m2 += load<f32>(s2 + o) * factor;
      }
      m1 /= count;
      m2 /= count;
      for (let c = g * size; c < (g + 1) * size; c++) {
        const o = <usize>c << 2;
        // slope = γ·r·(1 + s) is already the factor of dz.
        store<f32>(q + o, -inverse * inverse * m2);
        store<f32>(w + o, inverse * (mean * inverse * m2 - m1));
      }
    }
    combine(x, dx, pixels, channels, slope, q, w);
  }
}

/** dx ← dx·p + x·q + w, per channel. */
function combine(x: usize, dx: usize, pixels: i32, channels: i32, p: usize, q: usize, w: usize): void {
  const bytes = <usize>channels << 2, whole = bytes & ~(<usize>15);
  for (let i = 0; i < pixels; i++) {
    let c: usize = 0;
    for (; c + 32 <= bytes; c += 32) {
      const from = x + c, to = dx + c, ofX = q + c, ofDx = p + c, constant = w + c;
      const v0 = fma(v128.load(from), v128.load(ofX), v128.load(constant)), v1 = fma(v128.load(from, 16), v128.load(ofX, 16), v128.load(constant, 16));
      const r0 = fma(v128.load(to), v128.load(ofDx), v0), r1 = fma(v128.load(to, 16), v128.load(ofDx, 16), v1);
      v128.store(to, r0); v128.store(to, r1, 16);
    }
    for (; c < whole; c += 16) {
      const v = fma(v128.load(x + c), v128.load(q + c), v128.load(w + c));
      v128.store(dx + c, fma(v128.load(dx + c), v128.load(p + c), v));
    }
    for (; c < bytes; c += 4) {
      store<f32>(dx + c, load<f32>(dx + c) * load<f32>(p + c) + load<f32>(x + c) * load<f32>(q + c) + load<f32>(w + c));
    }
    x += bytes;
    dx += bytes;
  }
}

/**
 * From S₁, S₂ [n, c]: dγ = Σₙ (1+s)·S₂, dβ = Σₙ (1+s)·S₁, dscale = γ·S₂ + β·S₁, dshift = S₁ (in place).
 * Job: 0 S₁, 1 S₂, 2 γ, 3 β, 4 scale (0: none), 5 dγ, 6 dβ, 7 dscale, 8 images, 9 channels. One thread.
 */
export function groupNormParameterGradients(job: usize, _thread: i32, _threads: i32): void {
  const s1 = pointer(job, 0), s2 = pointer(job, 1), scale = pointer(job, 4);
  const images = word(job, 8), channels = word(job, 9);
  for (let c = 0; c < channels; c++) {
    const o = <usize>c << 2;
    const gamma = load<f32>(pointer(job, 2) + o), beta = load<f32>(pointer(job, 3) + o);
    let dGamma: f32 = 0, dBeta: f32 = 0;
    for (let n = 0; n < images; n++) {
      const i = (<usize>(n * channels) << 2) + o;
      const a = load<f32>(s1 + i), b = load<f32>(s2 + i);
      const film = scale ? <f32>1 + load<f32>(scale + i) : <f32>1;
      dGamma += film * b;
      dBeta += film * a;
      if (scale) store<f32>(pointer(job, 7) + i, gamma * b + beta * a);
    }
    store<f32>(pointer(job, 5) + o, dGamma);
    store<f32>(pointer(job, 6) + o, dBeta);
  }
}
