/** A unit vector over coils, `re` and `im` apart: the virtual coil whose phase is taken as zero in sensitivity maps. */
export interface PhaseReference {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Dominant eigenvectors of the ESPIRiT operator at some points. */
export interface Eigenvectors {
  readonly sets: number;
  readonly coils: number;
  readonly count: number;
  /** Unit eigenvectors, `[sets, coils, count]`, interleaved.  */
  readonly vectors: Float32Array;
  /** `[sets, count]` */
  readonly values: Float32Array;
}

/** s ← s·e^{−i∠(uᴴ·s)} for every vector, in place. */
export function fixPhase(vectors: Eigenvectors, reference: PhaseReference): void {
  for (let s = 0; s < vectors.sets; s++) {
    for (let point = 0; point < vectors.count; point++) {
      const { re, im } = projection(vectors, s, point, reference);
      const size = Math.hypot(re, im);
      if (size > 0) scaleVector(vectors, s, point, re / size, -im / size);
    }
  }
}

/** uᴴ·s and ‖s‖². */
export function projection(
  { coils, count, vectors }: Eigenvectors,
  set: number,
  point: number,
  { re, im }: PhaseReference,
) {
  let sumRe = 0;
  let sumIm = 0;
  let energy = 0;
  for (let c = 0, at = 2 * (set * coils * count + point); c < coils; c++, at += 2 * count) {
    const x = vectors[at]!;
    const y = vectors[at + 1]!;
    sumRe += re[c]! * x + im[c]! * y;
    sumIm += re[c]! * y - im[c]! * x;
    energy += x * x + y * y;
  }
  return { re: sumRe, im: sumIm, energy };
}

export function scaleVector(
  { coils, count, vectors }: Eigenvectors,
  set: number,
  point: number,
  re: number,
  im: number,
): void {
  for (let c = 0, at = 2 * (set * coils * count + point); c < coils; c++, at += 2 * count) {
    const x = vectors[at]!;
    const y = vectors[at + 1]!;
    vectors[at] = x * re - y * im;
    vectors[at + 1] = x * im + y * re;
  }
}
