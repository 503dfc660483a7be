import { fma, pointer, real, shareStart, word } from './_simd';

/**
 * AdamW (Loshchilov & Hutter 2019) with an exponential moving average, in place. Job: 0 value, 1 gradient, 2 m, 3 v, 4 ema (0: none), 5 n, 6 β₁, 7 β₂, 8 ε,
 * 9 1 − lr·weightDecay, 10 lr/(1 − β₁ᵗ), 11 1/√(1 − β₂ᵗ), 12 gradient factor, 13 EMA decay.
 */
export function adamW(job: usize, thread: i32, threads: i32): void {
  const n = word(job, 5);
  const from = <usize>shareStart(n, 1024, thread, threads) << 2, end = <usize>shareStart(n, 1024, thread + 1, threads) << 2;
  const value = pointer(job, 0), gradient = pointer(job, 1), first = pointer(job, 2), second = pointer(job, 3), ema = pointer(job, 4);
  const beta1 = f32x4.splat(real(job, 6)), beta2 = f32x4.splat(real(job, 7)), epsilon = f32x4.splat(real(job, 8));
  const rest1 = f32x4.splat(1 - real(job, 6)), rest2 = f32x4.splat(1 - real(job, 7));
  const decay = f32x4.splat(real(job, 9)), rate = f32x4.splat(real(job, 10)), correction = f32x4.splat(real(job, 11));
  const factor = f32x4.splat(real(job, 12)), keep = f32x4.splat(real(job, 13)), renew = f32x4.splat(1 - real(job, 13));
  for (let i = from; i < end; i += 16) {
    const g = f32x4.mul(v128.load(gradient + i), factor);
    const m = fma(beta1, v128.load(first + i), f32x4.mul(rest1, g));
    const v = fma(beta2, v128.load(second + i), f32x4.mul(rest2, f32x4.mul(g, g)));
    v128.store(first + i, m);
    v128.store(second + i, v);
    const denominator = fma(f32x4.sqrt(v), correction, epsilon);
    const w = f32x4.sub(f32x4.mul(v128.load(value + i), decay), f32x4.div(f32x4.mul(rate, m), denominator));
    v128.store(value + i, w);
    if (ema) v128.store(ema + i, fma(keep, v128.load(ema + i), f32x4.mul(renew, w)));
  }
}
