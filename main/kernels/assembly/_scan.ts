/**
 * Looks through `count` numbers of 32 bits, a multiple of 16, at an address on 16 bytes. Returns bit 0 where one is NaN or infinite, bit 1
 * where one is not zero. In integers: an exponent of all ones is the only one that a one added to it carries into the sign.
 */
export function scan(address: usize, count: i32): i32 {
  const magnitude = i32x4.splat(0x7fffffff);
  const one = i32x4.splat(0x00800000);
  let carried = i32x4.splat(0);
  let carriedToo = carried;
  let seen = carried;
  let seenToo = carried;
  const end = address + ((<usize>count) << 2);
  for (; address < end; address += 64) {
    const a = v128.and(v128.load(address), magnitude);
    const b = v128.and(v128.load(address, 16), magnitude);
    const c = v128.and(v128.load(address, 32), magnitude);
    const d = v128.and(v128.load(address, 48), magnitude);
    carried = v128.or(carried, v128.or(i32x4.add(a, one), i32x4.add(b, one)));
    carriedToo = v128.or(carriedToo, v128.or(i32x4.add(c, one), i32x4.add(d, one)));
    seen = v128.or(seen, v128.or(a, b));
    seenToo = v128.or(seenToo, v128.or(c, d));
  }
  const isWrong = i32x4.bitmask(v128.or(carried, carriedToo)) !== 0;
  const isSomething = v128.any_true(v128.or(seen, seenToo));
  return (isWrong ? 1 : 0) | (isSomething ? 2 : 0);
}
