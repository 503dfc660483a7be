/** No receiver has more. */
const MOST_COILS = 128;
/** Of the power that all coils have together, from one. */
const TOLERANCE = 0.01;
/** A coil has about its share of the power somewhere: a map that is weaker everywhere belongs to no such set. */
const WEAKEST_SHARE = 0.01;

/**
 * Whether the images of a stack are sensitivities of the coils of one slice: with x the pixel, Σ_c |s_c(x)|² is 1 where there is
 * signal and 0 where there is none (Uecker 2014), which no slices of a head are. Reads as few images as settle it.
 * @param one image of the stack, complex samples interleaved
 * @param read another of them
 */
export async function areSensitivities(
  count: number,
  one: Float32Array,
  read: (index: number) => Promise<Float32Array>,
): Promise<boolean> {
  if (count < 2 || count > MOST_COILS) return false;
  const power = new Float64Array(one.length / 2);
  let strongest = 0;
  add(one, power);
  for (const value of power) strongest = Math.max(strongest, value);
  if (!(strongest <= 1 + TOLERANCE && strongest >= WEAKEST_SHARE / count)) return false;
  power.fill(0);
  for (let index = 0; index < count; index++) {
    if (!add(await read(index), power)) return false;
  }
  let covered = 0;
  for (const value of power) {
    if (Math.abs(value - 1) <= TOLERANCE) covered += 1;
    else if (value > TOLERANCE ** 2) return false;
  }
  return covered > 0;
}

/** Adds the power of an image; false where it is more than that of all coils together, or no number. */
function add(image: Float32Array, power: Float64Array): boolean {
  for (let i = 0; i < power.length; i++) {
    power[i]! += image[2 * i]! ** 2 + image[2 * i + 1]! ** 2;
    if (!(power[i]! <= 1 + TOLERANCE)) return false;
  }
  return true;
}
