/**
 * The ESPIRiT operator of a slice: at every position r of the field of view a Hermitian matrix M(r) over coils, whose
 * eigenvectors of eigenvalue 1 are the coil sensitivities (Uecker 2014, Eq. 13). With kernels of side s, M is a
 * trigonometric polynomial of order s − 1 in each axis, so these few coefficients give it exactly at any position.
 */
export interface EspiritOperator {
  readonly coils: number;
  /** s − 1: coefficients exist for frequencies −order … order. */
  readonly order: number;
  /** Number of coil pairs (a ≤ b), coils·(coils + 1)/2, in the order (0,0) (0,1) … (1,1) …: the upper triangle. */
  readonly pairs: number;
  /** `[pairs, 2·order + 1, 2·order + 1]`: M[a, b](r) = Σ_d coefficient(d)·exp(2πi·d·r); parts apart. */
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Real and imaginary parts apart. */
export interface Split {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

export interface Waves extends Split {
  readonly span: number;
}

/** exp(2πi·d·r) for −order ≤ d ≤ order (inner) and every position r, in cycles of the field of view (outer). */
export function wavesAt(positions: Float64Array, order: number): Waves {
  const span = 2 * order + 1;
  const re = new Float64Array(positions.length * span);
  const im = new Float64Array(positions.length * span);
  positions.forEach((r, j) => {
    for (let d = -order; d <= order; d++) {
      re[j * span + d + order] = Math.cos(2 * Math.PI * d * r);
      im[j * span + d + order] = Math.sin(2 * Math.PI * d * r);
    }
  });
  return { span, re, im };
}

/** Positions of `length` raster lines in cycles of the field of view; the centre ⌊n/2⌋ is 0. */
export function rasterPositions(length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => (i - Math.floor(length / 2)) / length);
}
