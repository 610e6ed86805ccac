/** Scalar float32 arithmetic with the very roundings of backends/wasm/kernels/math.ts in its `simd` variant. */

const f = Math.fround
const magic = 12582912
const coefficients = [0.001326472731, 0.009671512991, 0.055507335812, 0.240222424269, 0.693147003651, 1].map(f)
const float = new Float32Array(1)
const bits = new Int32Array(float.buffer)

/** a × b + c, rounded after each. */
export function multiplyAdd(a: number, b: number, c: number): number {
  return f(c + f(a * b))
}

/** 2^x for x <= 0, at least 2^-126: a polynomial on [-0.5, 0.5], the whole part added to the exponent. */
export function exp2(x: number): number {
  const bounded = Math.max(x, -126)
  const shifted = f(bounded + magic)
  const r = f(bounded - f(shifted - magic))
  const p = coefficients.reduce((sum, coefficient) => multiplyAdd(r, sum, coefficient))
  float[0] = shifted
  const wholePart = bits[0]! << 23
  float[0] = p
  bits[0] = (bits[0]! + wholePart) | 0
  return float[0]
}

/** Sum in four lanes (index mod 4), then of the lanes in the one order used everywhere. */
export function sumLanes(lanes: ArrayLike<number>): number {
  return f(f(lanes[0]! + lanes[1]!) + f(lanes[2]! + lanes[3]!))
}

/** x × 1 ÷ (1 + e^-x), from 2^-|x log2 e| alone. */
export function silu(x: number): number {
  const e = exp2(f(Math.abs(x) * f(-Math.LOG2E)))
  return f(x * f((x >= 0 ? 1 : e) / f(1 + e)))
}
