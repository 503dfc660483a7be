// Group normalisation with FiLM and SiLU in one kernel: three passes over one image that stay in the second-level cache, instead of a pass over
// the whole batch per elementary operation.
import { fma, pointer, real, shareStart, sigmoid, word } from './_simd';

/** Σ over pixels of x[·][c] per channel → sums[c]; or Σ (x − centre[c])² where `centre` is given. */
function channelSums(x: usize, pixels: i32, channels: i32, centre: usize, sums: usize): void {
  const step = <usize>channels << 2;
  let c = 0;
  for (; c + 16 <= channels; c += 16) {
    const o = <usize>c << 2;
    let p = x + o;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    if (centre) {
      const m0 = v128.load(centre + o), m1 = v128.load(centre + o, 16), m2 = v128.load(centre + o, 32), m3 = v128.load(centre + o, 48);
      for (let i = pixels; i > 0; --i) {
        const d0 = f32x4.sub(v128.load(p), m0), d1 = f32x4.sub(v128.load(p, 16), m1);
        const d2 = f32x4.sub(v128.load(p, 32), m2), d3 = f32x4.sub(v128.load(p, 48), m3);
        s0 = fma(d0, d0, s0); s1 = fma(d1, d1, s1); s2 = fma(d2, d2, s2); s3 = fma(d3, d3, s3);
        p += step;
      }
    } else {
      for (let i = pixels; i > 0; --i) {
        s0 = f32x4.add(s0, v128.load(p)); s1 = f32x4.add(s1, v128.load(p, 16));
        s2 = f32x4.add(s2, v128.load(p, 32)); s3 = f32x4.add(s3, v128.load(p, 48));
        p += step;
      }
    }
    v128.store(sums + o, s0); v128.store(sums + o, s1, 16); v128.store(sums + o, s2, 32); v128.store(sums + o, s3, 48);
  }
  for (; c + 4 <= channels; c += 4) {
    const o = <usize>c << 2;
    let p = x + o;
    let s = f32x4.splat(0);
    const m = centre ? v128.load(centre + o) : s;
    for (let i = pixels; i > 0; --i) {
      const d = f32x4.sub(v128.load(p), m);
      s = centre ? fma(d, d, s) : f32x4.add(s, d);
      p += step;
    }
    v128.store(sums + o, s);
  }
  for (; c < channels; c++) {
    const o = <usize>c << 2;
    let p = x + o;
    let s: f32 = 0;
    const m = centre ? load<f32>(centre + o) : <f32>0;
    for (let i = pixels; i > 0; --i) {
      const d = load<f32>(p) - m;
      s += centre ? d * d : d;
      p += step;
    }
    store<f32>(sums + o, s);
  }
}

/** Adds the channels of each group, divides by `count` and writes the result to each channel of the group. */
function spreadGroupMeans(sums: usize, channels: i32, groups: i32, count: f32, target: usize): void {
  const size = channels / groups;
  for (let g = 0; g < groups; g++) {
    let s: f32 = 0;
    for (let c = g * size; c < (g + 1) * size; c++) s += load<f32>(sums + (<usize>c << 2));
    s /= count;
    for (let c = g * size; c < (g + 1) * size; c++) store<f32>(target + (<usize>c << 2), s);
  }
}

/**
 * What the gradient and the forward pass share: normalisation, γ, β and FiLM of one image as y = x·slope[c] + offset[c].
 * (1 + s)·(γ·(x − μ)·r + β) + t, r = 1/√(σ² + ε).
 */
export function affine(channels: i32, groups: i32, statistics: usize, gamma: usize, beta: usize, scale: usize, shift: usize, slope: usize, offset: usize): void {
  const size = channels / groups;
  for (let c = 0; c < channels; c++) {
    const o = <usize>c << 2, s = statistics + (<usize>(c / size) << 3);
    const mean = load<f32>(s), inverse = load<f32>(s, 4);
    const film = scale ? <f32>1 + load<f32>(scale + o) : <f32>1;
    const a = load<f32>(gamma + o) * inverse * film;
    store<f32>(slope + o, a);
    store<f32>(offset + o, load<f32>(beta + o) * film - mean * a + (shift ? load<f32>(shift + o) : <f32>0));
  }
}

/**
 * Job: 0 x, 1 γ, 2 β, 3 scale (0: none), 4 shift, 5 y, 6 statistics [n, groups, 2], 7 images, 8 pixels, 9 channels, 10 groups, 11 ε,
 * 12 SiLU?, 13 scratch, 14 scratch bytes per thread (4 channel vectors).
 */
export function groupNorm(job: usize, thread: i32, threads: i32): void {
  const images = word(job, 7), pixels = word(job, 8), channels = word(job, 9), groups = word(job, 10);
  const epsilon = real(job, 11), silu = word(job, 12);
  const size = channels / groups;
  const vector = (<usize>channels * 4 + 63) & ~(<usize>63);
  const sums = pointer(job, 13) + <usize>thread * pointer(job, 14);
  const means = sums + vector, slope = means + vector, offset = slope + vector;
  const count = <f32>size * <f32>pixels;
  const imageBytes = <usize>pixels * <usize>channels << 2;
  const scale = pointer(job, 3), shift = pointer(job, 4);
  const to = shareStart(images, 1, thread + 1, threads);
  for (let n = shareStart(images, 1, thread, threads); n < to; n++) {
    const x = pointer(job, 0) + imageBytes * n, y = pointer(job, 5) + imageBytes * n;
    const statistics = pointer(job, 6) + (<usize>(n * groups) << 3);
    const row = <usize>(n * channels) << 2;
    channelSums(x, pixels, channels, 0, sums);
    spreadGroupMeans(sums, channels, groups, count, means);
    channelSums(x, pixels, channels, means, sums);
    spreadGroupMeans(sums, channels, groups, count, sums);
    for (let g = 0; g < groups; g++) {
      const c = <usize>(g * size) << 2;
      store<f32>(statistics + (<usize>g << 3), load<f32>(means + c));
      store<f32>(statistics + (<usize>g << 3), <f32>1 / sqrt(load<f32>(sums + c) + epsilon), 4);
    }
    affine(channels, groups, statistics, pointer(job, 1), pointer(job, 2), scale ? scale + row : 0, shift ? shift + row : 0, slope, offset);
    if ((channels & 3) == 0) applyVectors(x, y, pixels, channels, slope, offset, silu);
    else applyScalars(x, y, pixels, channels, slope, offset, silu);
  }
}

function applyVectors(x: usize, y: usize, pixels: i32, channels: i32, slope: usize, offset: usize, silu: i32): void {
  const bytes = <usize>channels << 2;
  for (let i = 0; i < pixels; i++) {
    let c: usize = 0;
    if (silu) {
      for (; c + 32 <= bytes; c += 32) {
        const p = x + c, s = slope + c, o = offset + c, to = y + c;
        const z0 = fma(v128.load(p), v128.load(s), v128.load(o)), z1 = fma(v128.load(p, 16), v128.load(s, 16), v128.load(o, 16));
        const r0 = f32x4.mul(z0, sigmoid(z0)), r1 = f32x4.mul(z1, sigmoid(z1));
        v128.store(to, r0); v128.store(to, r1, 16);
      }
      for (; c < bytes; c += 16) {
        const z = fma(v128.load(x + c), v128.load(slope + c), v128.load(offset + c));
        v128.store(y + c, f32x4.mul(z, sigmoid(z)));
      }
    } else {
      for (; c + 32 <= bytes; c += 32) {
        const p = x + c, s = slope + c, o = offset + c, to = y + c;
        const z0 = fma(v128.load(p), v128.load(s), v128.load(o)), z1 = fma(v128.load(p, 16), v128.load(s, 16), v128.load(o, 16));
        v128.store(to, z0); v128.store(to, z1, 16);
      }
      for (; c < bytes; c += 16) v128.store(y + c, fma(v128.load(x + c), v128.load(slope + c), v128.load(offset + c)));
    }
    x += bytes;
    y += bytes;
  }
}

function applyScalars(x: usize, y: usize, pixels: i32, channels: i32, slope: usize, offset: usize, silu: i32): void {
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < channels; c++) {
      const o = <usize>c << 2;
      const z = f32x4.splat(load<f32>(x + o) * load<f32>(slope + o) + load<f32>(offset + o));
      store<f32>(y + o, f32x4.extract_lane(silu ? f32x4.mul(z, sigmoid(z)) : z, 0));
    }
    x += <usize>channels << 2;
    y += <usize>channels << 2;
  }
}
