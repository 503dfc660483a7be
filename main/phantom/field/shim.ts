/** 1, x, y, z, x², y², z², xy, xz, yz: what the shim coils of a scanner can make, to second order. */
function terms(x: number, y: number, z: number): number[] {
  return [1, x, y, z, x * x, y * y, z * z, x * y, x * z, y * z];
}

const TERMS = 10;

/** Value of a second-order polynomial with ten coefficients. */
export function polynomial(c: Float64Array, x: number, y: number, z: number): number {
  return (
    c[0]! +
    x * (c[1]! + x * c[4]! + y * c[7]! + z * c[8]!) +
    y * (c[2]! + y * c[5]! + z * c[9]!) +
    z * (c[3]! + z * c[6]!)
  );
}

/** Least squares over all samples that `visit` hands over: coefficients for {@link polynomial}. */
export function fitPolynomial(
  visit: (add: (x: number, y: number, z: number, value: number) => void) => void,
): Float64Array {
  const matrix = new Float64Array(TERMS * TERMS);
  const right = new Float64Array(TERMS);
  visit((x, y, z, value) => {
    const t = terms(x, y, z);
    for (let i = 0; i < TERMS; i++) {
      right[i] = right[i]! + t[i]! * value;
      for (let j = 0; j < TERMS; j++) matrix[i * TERMS + j] = matrix[i * TERMS + j]! + t[i]! * t[j]!;
    }
  });
  return solve(matrix, right);
}

/** Gaussian elimination with pivoting; a singular system (too few samples) gives zeros where nothing is determined. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(matrix[row * n + column]!) > Math.abs(matrix[pivot * n + column]!)) pivot = row;
    }
    if (Math.abs(matrix[pivot * n + column]!) < 1e-9) return new Float64Array(n);
    for (let j = 0; j < n; j++) {
      const held = matrix[column * n + j]!;
      matrix[column * n + j] = matrix[pivot * n + j]!;
      matrix[pivot * n + j] = held;
    }
    [right[column], right[pivot]] = [right[pivot]!, right[column]!];
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const factor = matrix[row * n + column]! / matrix[column * n + column]!;
      for (let j = column; j < n; j++) matrix[row * n + j] = matrix[row * n + j]! - factor * matrix[column * n + j]!;
      right[row] = right[row]! - factor * right[column]!;
    }
  }
  return right.map((value, i) => value / matrix[i * n + i]!);
}
