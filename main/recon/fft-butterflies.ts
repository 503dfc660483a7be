/** A line of complex samples, real and imaginary parts apart. */
export interface Line {
  re: Float64Array;
  im: Float64Array;
}

const SIN_60 = Math.sqrt(3) / 2;
const COS_72 = Math.cos((2 * Math.PI) / 5);
const COS_144 = Math.cos((4 * Math.PI) / 5);
const SIN_72 = Math.sin((2 * Math.PI) / 5);
const SIN_144 = Math.sin((4 * Math.PI) / 5);

/**
 * The forward transform of `radix` samples, in place: out[p] = Σ_q x[q]·exp(−2πi·p·q/radix). `roots` holds
 * exp(−2πi·j/radix), interleaved; `scratch` needs `radix` samples.
 */
export function butterfly(radix: number, x: Line, roots: Float64Array, scratch: Line): void {
  if (radix === 2) butterfly2(x);
  else if (radix === 3) butterfly3(x);
  else if (radix === 4) butterfly4(x);
  else if (radix === 5) butterfly5(x);
  else butterflyOfAnyRadix(radix, x, roots, scratch);
}

function butterfly2({ re, im }: Line): void {
  const r = re[1]!;
  const i = im[1]!;
  re[1] = re[0]! - r;
  im[1] = im[0]! - i;
  re[0] = re[0]! + r;
  im[0] = im[0]! + i;
}

function butterfly3({ re, im }: Line): void {
  const sumRe = re[1]! + re[2]!;
  const sumIm = im[1]! + im[2]!;
  const midRe = re[0]! - sumRe / 2;
  const midIm = im[0]! - sumIm / 2;
  const turnRe = SIN_60 * (im[1]! - im[2]!);
  const turnIm = -SIN_60 * (re[1]! - re[2]!);
  re[0] = re[0]! + sumRe;
  im[0] = im[0]! + sumIm;
  re[1] = midRe + turnRe;
  im[1] = midIm + turnIm;
  re[2] = midRe - turnRe;
  im[2] = midIm - turnIm;
}

function butterfly4({ re, im }: Line): void {
  const aRe = re[0]! + re[2]!;
  const aIm = im[0]! + im[2]!;
  const bRe = re[0]! - re[2]!;
  const bIm = im[0]! - im[2]!;
  const cRe = re[1]! + re[3]!;
  const cIm = im[1]! + im[3]!;
  // −i·(x1 − x3)
  const dRe = im[1]! - im[3]!;
  const dIm = re[3]! - re[1]!;
  re[0] = aRe + cRe;
  im[0] = aIm + cIm;
  re[1] = bRe + dRe;
  im[1] = bIm + dIm;
  re[2] = aRe - cRe;
  im[2] = aIm - cIm;
  re[3] = bRe - dRe;
  im[3] = bIm - dIm;
}

function butterfly5({ re, im }: Line): void {
  const s1Re = re[1]! + re[4]!;
  const s1Im = im[1]! + im[4]!;
  const s2Re = re[2]! + re[3]!;
  const s2Im = im[2]! + im[3]!;
  const d1Re = re[1]! - re[4]!;
  const d1Im = im[1]! - im[4]!;
  const d2Re = re[2]! - re[3]!;
  const d2Im = im[2]! - im[3]!;
  const aRe = re[0]! + COS_72 * s1Re + COS_144 * s2Re;
  const aIm = im[0]! + COS_72 * s1Im + COS_144 * s2Im;
  const bRe = re[0]! + COS_144 * s1Re + COS_72 * s2Re;
  const bIm = im[0]! + COS_144 * s1Im + COS_72 * s2Im;
  // −i·(sines of the differences)
  const cRe = SIN_72 * d1Im + SIN_144 * d2Im;
  const cIm = -SIN_72 * d1Re - SIN_144 * d2Re;
  const dRe = SIN_144 * d1Im - SIN_72 * d2Im;
  const dIm = -SIN_144 * d1Re + SIN_72 * d2Re;
  re[0] = re[0]! + s1Re + s2Re;
  im[0] = im[0]! + s1Im + s2Im;
  re[1] = aRe + cRe;
  im[1] = aIm + cIm;
  re[2] = bRe + dRe;
  im[2] = bIm + dIm;
  re[3] = bRe - dRe;
  im[3] = bIm - dIm;
  re[4] = aRe - cRe;
  im[4] = aIm - cIm;
}

function butterflyOfAnyRadix(radix: number, { re, im }: Line, roots: Float64Array, scratch: Line): void {
  for (let p = 0; p < radix; p++) {
    let sumRe = 0;
    let sumIm = 0;
    for (let q = 0, turn = 0; q < radix; q++) {
      const wRe = roots[2 * turn]!;
      const wIm = roots[2 * turn + 1]!;
      sumRe += re[q]! * wRe - im[q]! * wIm;
      sumIm += re[q]! * wIm + im[q]! * wRe;
      turn += p;
      if (turn >= radix) turn -= radix;
    }
    scratch.re[p] = sumRe;
    scratch.im[p] = sumIm;
  }
  re.set(scratch.re.subarray(0, radix));
  im.set(scratch.im.subarray(0, radix));
}
