// Multiply-add in 64 bits, in the two instruction sets.

/** a·b + c */
// @ts-ignore: decorator
@inline
export function fma64(a: v128, b: v128, c: v128): v128 {
  if (RELAXED) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** c − a·b */
// @ts-ignore: decorator
@inline
export function fnma64(a: v128, b: v128, c: v128): v128 {
  if (RELAXED) return f64x2.relaxed_nmadd(a, b, c);
  return f64x2.sub(c, f64x2.mul(a, b));
}

/** The sum of both lanes. */
// @ts-ignore: decorator
@inline
export function total64(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}
