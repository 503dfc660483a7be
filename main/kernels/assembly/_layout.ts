// Kernels that move data: strided copies (slice, concat, pad, transpose, tile), rows by index, nearest upsampling.
import { pointer, shareStart, word } from './_simd';

// @ts-ignore: decorator
@inline
function copyRun(from: usize, to: usize, bytes: usize): void {
  if (bytes > 512) {
    memory.copy(to, from, bytes);
    return;
  }
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < bytes; i += 4) store<u32>(to + i, load<u32>(from + i));
}

/**
 * Copies an array of 32-bit elements between two layouts. Job: 0 from, 1 to, 2 elements of the innermost axis, 3 and 4 its byte strides
 * (from, to), 5 the five outer sizes, 10 and 15 their byte strides (from, to), 20 the product of the outer sizes.
 */
export function copyStrided(job: usize, thread: i32, threads: i32): void {
  const from = pointer(job, 0), to = pointer(job, 1), inner = word(job, 2);
  const fromStep = pointer(job, 3), toStep = pointer(job, 4), outer = word(job, 20);
  const end = shareStart(outer, 1, thread + 1, threads);
  const d1 = word(job, 6), d2 = word(job, 7), d3 = word(job, 8), d4 = word(job, 9);
  for (let row = shareStart(outer, 1, thread, threads); row < end; row++) {
    let rest = row;
    const i4 = rest % d4; rest /= d4;
    const i3 = rest % d3; rest /= d3;
    const i2 = rest % d2; rest /= d2;
    const i1 = rest % d1; rest /= d1;
    let source = from + pointer(job, 10) * rest + pointer(job, 11) * i1 + pointer(job, 12) * i2 + pointer(job, 13) * i3 + pointer(job, 14) * i4;
    let target = to + pointer(job, 15) * rest + pointer(job, 16) * i1 + pointer(job, 17) * i2 + pointer(job, 18) * i3 + pointer(job, 19) * i4;
    if (fromStep == 4 && toStep == 4) {
      copyRun(source, target, <usize>inner << 2);
    } else {
      for (let i = 0; i < inner; i++) {
        store<u32>(target, load<u32>(source));
        source += fromStep;
        target += toStep;
      }
    }
  }
}

/**
 * to[b, i, :] = from[b, index[i], :]. Job: 0 from, 1 indices (int32), 2 to, 3 batches, 4 indices a batch, 5 rows of `from` a batch, 6 bytes a row,
 * 7 whether each batch has its own indices.
 */
export function gatherRows(job: usize, thread: i32, threads: i32): void {
  const from = pointer(job, 0), index = pointer(job, 1), to = pointer(job, 2);
  const count = word(job, 4), rows = word(job, 5), bytes = pointer(job, 6), own = word(job, 7);
  const total = word(job, 3) * count;
  const end = shareStart(total, 1, thread + 1, threads);
  for (let item = shareStart(total, 1, thread, threads); item < end; item++) {
    const batch = item / count;
    const i = load<i32>(index + (<usize>(own ? item : item - batch * count) << 2));
    copyRun(from + bytes * (batch * rows + i), to + bytes * item, bytes);
  }
}

/** y[s] = Σ over rows i with segment[i] = s of x[i], in the order of i; threads share the columns. Job: 0 x, 1 segments, 2 y, 3 rows, 4 columns, 5 segments' number. */
export function segmentSum(job: usize, thread: i32, threads: i32): void {
  const x = pointer(job, 0), segments = pointer(job, 1), y = pointer(job, 2);
  const rows = word(job, 3), columns = word(job, 4), number = word(job, 5);
  const from = shareStart(columns, 16, thread, threads), to = shareStart(columns, 16, thread + 1, threads);
  if (from == to) return;
  for (let s = 0; s < number; s++) memory.fill(y + (<usize>(s * columns + from) << 2), 0, <usize>(to - from) << 2);
  for (let i = 0; i < rows; i++) {
    const s = load<i32>(segments + (<usize>i << 2));
    if (s < 0 || s >= number) continue; // as TensorFlow: a negative segment is dropped
    for (let j = from; j < to; j++) {
      const target = y + (<usize>(s * columns + j) << 2);
      store<f32>(target, load<f32>(target) + load<f32>(x + (<usize>(i * columns + j) << 2)));
    }
  }
}

/** [rows, columns, channels] → [2·rows, 2·columns, channels], rows counting those of all images. Job: 0 x, 1 y, 2 rows, 3 columns, 4 bytes a pixel. */
export function upsampleNearest2(job: usize, thread: i32, threads: i32): void {
  const columns = word(job, 3), pixel = pointer(job, 4);
  const rows = word(job, 2);
  const end = shareStart(rows, 1, thread + 1, threads);
  const rowBytes = pixel * columns * 2;
  for (let row = shareStart(rows, 1, thread, threads); row < end; row++) {
    let x = pointer(job, 0) + pixel * columns * row;
    const first = pointer(job, 1) + rowBytes * (2 * row);
    let y = first;
    for (let i = 0; i < columns; i++) {
      for (let j: usize = 0; j < pixel; ) {
        if (j + 16 <= pixel) {
          const v = v128.load(x + j);
          v128.store(y + j, v);
          v128.store(y + pixel + j, v);
          j += 16;
        } else {
          const v = load<u32>(x + j);
          store<u32>(y + j, v);
          store<u32>(y + pixel + j, v);
          j += 4;
        }
      }
      x += pixel;
      y += 2 * pixel;
    }
    memory.copy(first + rowBytes, first, rowBytes);
  }
}

/** The gradient of upsampleNearest2: sums of 2×2 pixels; rows and columns are those of the small image. Job: 0 dy, 1 dx, 2 rows, 3 columns, 4 bytes a pixel. */
export function downsampleSum2(job: usize, thread: i32, threads: i32): void {
  const columns = word(job, 3), pixel = pointer(job, 4);
  const rows = word(job, 2);
  const end = shareStart(rows, 1, thread + 1, threads);
  const rowBytes = pixel * columns * 2;
  for (let row = shareStart(rows, 1, thread, threads); row < end; row++) {
    let a = pointer(job, 0) + rowBytes * (2 * row);
    let x = pointer(job, 1) + pixel * columns * row;
    for (let i = 0; i < columns; i++) {
      const b = a + pixel, c = a + rowBytes, d = c + pixel;
      let j: usize = 0;
      for (; j + 16 <= pixel; j += 16) {
        const top = f32x4.add(v128.load(a + j), v128.load(b + j));
        v128.store(x + j, f32x4.add(top, f32x4.add(v128.load(c + j), v128.load(d + j))));
      }
      for (; j < pixel; j += 4) {
        store<f32>(x + j, load<f32>(a + j) + load<f32>(b + j) + (load<f32>(c + j) + load<f32>(d + j)));
      }
      a += 2 * pixel;
      x += pixel;
    }
  }
}
