import { fma, pointer, real, shareStart, word } from './_simd';

/** Bytes of one parameter's entry in the table: addresses of value, gradient, m, v, ema (0: none), and the number of elements. */
const ENTRY: usize = 24;

/**
 * AdamW (Loshchilov & Hutter 2019) with an exponential moving average, in place, for all parameters that share their rates: one job instead of
 * hundreds. Job: 0 table, 1 parameters, 2 β₁, 3 β₂, 4 ε, 5 1 − lr·weightDecay, 6 lr/(1 − β₁ᵗ), 7 1/√(1 − β₂ᵗ), 8 gradient factor, 9 EMA decay.
 * Blocks of memory are multiples of 64 bytes: the last vectors may reach behind the elements, never behind the block.
 */
export function adamW(job: usize, thread: i32, threads: i32): void {
  const beta1 = f32x4.splat(real(job, 2)), beta2 = f32x4.splat(real(job, 3)), epsilon = f32x4.splat(real(job, 4));
  const rest1 = f32x4.splat(1 - real(job, 2)), rest2 = f32x4.splat(1 - real(job, 3));
  const decay = f32x4.splat(real(job, 5)), rate = f32x4.splat(real(job, 6)), correction = f32x4.splat(real(job, 7));
  const factor = f32x4.splat(real(job, 8)), keep = f32x4.splat(real(job, 9)), renew = f32x4.splat(1 - real(job, 9));
  const count = word(job, 1);
  let entry = pointer(job, 0);
  for (let parameter = 0; parameter < count; parameter++, entry += ENTRY) {
    const n = word(entry, 5);
    // Small ones in turns: each would be one thread's alone.
    const small = n <= 1024;
    if (small && parameter % threads != thread) continue;
    const from = <usize>(small ? 0 : shareStart(n, 1024, thread, threads)) << 2;
    const end = <usize>(small ? n : shareStart(n, 1024, thread + 1, threads)) << 2;
    const value = pointer(entry, 0), gradient = pointer(entry, 1), first = pointer(entry, 2), second = pointer(entry, 3), ema = pointer(entry, 4);
    for (let i = from; i < end; i += 32) {
      const pg = gradient + i, pm = first + i, pv = second + i, pw = value + i;
      const g0 = f32x4.mul(v128.load(pg), factor), g1 = f32x4.mul(v128.load(pg, 16), factor);
      const m0 = fma(beta1, v128.load(pm), f32x4.mul(rest1, g0)), m1 = fma(beta1, v128.load(pm, 16), f32x4.mul(rest1, g1));
      v128.store(pm, m0); v128.store(pm, m1, 16);
      const v0 = fma(beta2, v128.load(pv), f32x4.mul(rest2, f32x4.mul(g0, g0))), v1 = fma(beta2, v128.load(pv, 16), f32x4.mul(rest2, f32x4.mul(g1, g1)));
      v128.store(pv, v0); v128.store(pv, v1, 16);
      const d0 = fma(f32x4.sqrt(v0), correction, epsilon), d1 = fma(f32x4.sqrt(v1), correction, epsilon);
      const w0 = f32x4.sub(f32x4.mul(v128.load(pw), decay), f32x4.div(f32x4.mul(rate, m0), d0));
      const w1 = f32x4.sub(f32x4.mul(v128.load(pw, 16), decay), f32x4.div(f32x4.mul(rate, m1), d1));
      v128.store(pw, w0); v128.store(pw, w1, 16);
      if (ema) {
        const pe = ema + i;
        const e0 = fma(keep, v128.load(pe), f32x4.mul(renew, w0)), e1 = fma(keep, v128.load(pe, 16), f32x4.mul(renew, w1));
        v128.store(pe, e0); v128.store(pe, e1, 16);
      }
    }
  }
}
