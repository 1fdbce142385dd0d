// Vector helpers. One source, two builds: with relaxed SIMD a multiply-add is one instruction, without it two.

/** a * b + c in four lanes. */
// @ts-expect-error: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<f32>(a, b, c);
  return v128.add<f32>(v128.mul<f32>(a, b), c);
}

/** Sum of the four lanes, in a fixed order. */
// @ts-expect-error: decorator
@inline
export function sum4(v: v128): f32 {
  const pairs = v128.add<f32>(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return v128.extract_lane<f32>(pairs, 0) + v128.extract_lane<f32>(pairs, 1);
}
