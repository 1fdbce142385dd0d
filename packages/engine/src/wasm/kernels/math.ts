// Elementary functions in four lanes. Source of the polynomials: S. Moshier, Cephes (expf); within 2 units in the last place.
import { madd } from './simd'

/** e^x; 0 below -104, infinity above 88.7, NaN stays NaN. */
export function exp4(x: v128): v128 {
  const clamped = v128.max<f32>(v128.min<f32>(x, f32x4.splat(88.72284)), f32x4.splat(-104))
  const n = v128.nearest<f32>(v128.mul<f32>(clamped, f32x4.splat(1.44269504)))
  let r = madd(n, f32x4.splat(-0.693359375), clamped)
  r = madd(n, f32x4.splat(2.1219444e-4), r)
  let y = f32x4.splat(1.98756915e-4)
  y = madd(y, r, f32x4.splat(1.3981999507e-3))
  y = madd(y, r, f32x4.splat(8.3334519073e-3))
  y = madd(y, r, f32x4.splat(4.1665795894e-2))
  y = madd(y, r, f32x4.splat(1.6666665459e-1))
  y = madd(y, r, f32x4.splat(5.0000001201e-1))
  y = v128.add<f32>(madd(y, v128.mul<f32>(r, r), r), f32x4.splat(1))
  // 2^n in two halves, so that neither overflows and small results fade out gradually.
  const k = v128.trunc_sat<i32>(n),
    half = v128.shr<i32>(k, 1),
    rest = v128.sub<i32>(k, half)
  const bias = i32x4.splat(127)
  y = v128.mul<f32>(y, v128.shl<i32>(v128.add<i32>(half, bias), 23))
  y = v128.mul<f32>(y, v128.shl<i32>(v128.add<i32>(rest, bias), 23))
  return v128.bitselect(x, y, v128.ne<f32>(x, x))
}

/** Natural logarithm of positive normal numbers; NaN stays NaN, infinity stays infinity. */
export function log4(x: v128): v128 {
  // x = 2^e m with m in [sqrt(1/2), sqrt(2)).
  const one = f32x4.splat(1)
  let e = v128.sub<i32>(v128.shr<u32>(x, 23), i32x4.splat(126))
  let m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000))
  const small = v128.lt<f32>(m, f32x4.splat(0.707106781))
  e = v128.add<i32>(e, small)
  m = v128.sub<f32>(v128.add<f32>(m, v128.and(m, small)), one)
  const z = v128.mul<f32>(m, m)
  let y = f32x4.splat(7.0376836292e-2)
  y = madd(y, m, f32x4.splat(-1.151461031e-1))
  y = madd(y, m, f32x4.splat(1.167699874e-1))
  y = madd(y, m, f32x4.splat(-1.2420140846e-1))
  y = madd(y, m, f32x4.splat(1.4249322787e-1))
  y = madd(y, m, f32x4.splat(-1.6668057665e-1))
  y = madd(y, m, f32x4.splat(2.0000714765e-1))
  y = madd(y, m, f32x4.splat(-2.4999993993e-1))
  y = madd(y, m, f32x4.splat(3.3333331174e-1))
  y = v128.mul<f32>(y, v128.mul<f32>(m, z))
  const n = v128.convert<i32>(e)
  y = madd(n, f32x4.splat(-2.1219444e-4), y)
  y = madd(z, f32x4.splat(-0.5), y)
  y = madd(n, f32x4.splat(0.693359375), v128.add<f32>(m, y))
  return v128.bitselect(y, x, v128.lt<f32>(x, f32x4.splat(Infinity)))
}
