// Vector arithmetic whose bits are the number format. `backends/reference/math.ts` is the same in scalars.

/** a × b + c: rounded once where the engine has relaxed SIMD, twice where not. The branch is taken at compile time. */
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

/** 2^x for x <= 0, never denormal: minimax polynomial of degree 5 on [-0.5, 0.5], the whole part added to the exponent. */
export function exp2(x: v128): v128 {
  const magic = f32x4.splat(12582912);
  x = f32x4.pmax(x, f32x4.splat(-126));
  const t = f32x4.add(x, magic);
  const r = f32x4.sub(x, f32x4.sub(t, magic));
  let p = fma(r, f32x4.splat(0.001326472731), f32x4.splat(0.009671512991));
  p = fma(r, p, f32x4.splat(0.055507335812));
  p = fma(r, p, f32x4.splat(0.240222424269));
  p = fma(r, p, f32x4.splat(0.693147003651));
  p = fma(r, p, f32x4.splat(1));
  return i32x4.add(p, i32x4.shl(t, 23));
}

/** Sum of the four lanes, in the one order used everywhere. */
export function sumLanes(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** Largest of the four lanes. */
export function maxLanes(v: v128): f32 {
  const pairs = f32x4.pmax(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2)), 0);
}
