// Random layers but plain dropout, from Threefry-2x32-20 words: whole channels dropped, and normal numbers by Box-Muller.
import { Context } from './context'
import { GaussianNoise, SpatialDropout } from './generated'
import { log4 } from './math'

/** Both words, the first in the low half. */
function threefry(k0: u32, k1: u32, counter0: u32, counter1: u32): u64 {
  const k2 = 0x1bd11bda ^ k0 ^ k1
  let a = counter0 + k0,
    b = counter1 + k1
  for (let i: u32 = 0; i < 5; i++) {
    if (i & 1) {
      a += b; b = rotl<u32>(b, 17) ^ a; a += b; b = rotl<u32>(b, 29) ^ a
      a += b; b = rotl<u32>(b, 16) ^ a; a += b; b = rotl<u32>(b, 24) ^ a
    } else {
      a += b; b = rotl<u32>(b, 13) ^ a; a += b; b = rotl<u32>(b, 15) ^ a
      a += b; b = rotl<u32>(b, 26) ^ a; a += b; b = rotl<u32>(b, 6) ^ a
    }
    const n = (i + 1) % 3
    a += n == 0 ? k0 : n == 1 ? k1 : k2
    b += (n == 0 ? k1 : n == 1 ? k2 : k0) + i + 1
  }
  return (<u64>b << 32) | <u64>a
}

export function spatialDropout(p: usize, begin: i32, end: i32, context: usize): void {
  const columns = load<i32>(p, SpatialDropout.columns),
    threshold = load<i32>(p, SpatialDropout.threshold),
    keep = load<f32>(p, SpatialDropout.keepf)
  for (let n = begin; n < end; n++) {
    for (let c = 0; c < columns; c += 4) {
      const bits = threefry(
        load<u32>(p, SpatialDropout.seed),
        load<u32>(p, SpatialDropout.stream),
        load<u32>(context, Context.step),
        n * (columns >> 2) + (c >> 2),
      )
      let mask = f32x4.splat(0)
      mask = f32x4.replace_lane(mask, 0, <i32>(bits & 0xffff) < threshold ? 0 : keep)
      mask = f32x4.replace_lane(mask, 1, <i32>((bits >> 16) & 0xffff) < threshold ? 0 : keep)
      mask = f32x4.replace_lane(mask, 2, <i32>((bits >> 32) & 0xffff) < threshold ? 0 : keep)
      mask = f32x4.replace_lane(mask, 3, <i32>(bits >> 48) < threshold ? 0 : keep)
      for (let row = 0; row < load<i32>(p, SpatialDropout.height); row++) {
        let x = load<usize>(p, SpatialDropout.x) + n * load<usize>(p, SpatialDropout.xImage) + row * load<usize>(p, SpatialDropout.xRow) + ((<usize>c) << 2)
        let y = load<usize>(p, SpatialDropout.y) + n * load<usize>(p, SpatialDropout.yImage) + row * load<usize>(p, SpatialDropout.yRow) + ((<usize>c) << 2)
        for (let i = load<i32>(p, SpatialDropout.width); i > 0; i--) {
          v128.store(y, v128.mul<f32>(v128.load(x), mask))
          x += load<usize>(p, SpatialDropout.xPixel)
          y += load<usize>(p, SpatialDropout.yPixel)
        }
      }
    }
  }
}

/** Cosine in lane 0 and sine in lane 1 of 2 pi u, u in [0, 1). Polynomials: S. Moshier, Cephes (sinf, cosf). */
function turn(u: f32): v128 {
  const quarter = <i32>(u * 4 + 0.5)
  const r = (u - <f32>quarter * 0.25) * 6.283185307179586,
    z = r * r
  const s: f32 = r + r * z * (-1.6666654611e-1 + z * (8.3321608736e-3 - z * 1.9515295891e-4))
  const c: f32 = <f32>1 - <f32>0.5 * z + z * z * (<f32>4.166664568298827e-2 + z * (<f32>-1.388731625493765e-3 + z * <f32>2.443315711809948e-5))
  let cosine: f32 = c,
    sine: f32 = s
  if (quarter & 1) {
    cosine = -s
    sine = c
  }
  if (quarter & 2) {
    cosine = -cosine
    sine = -sine
  }
  return f32x4(cosine, sine, 0, 0)
}

export function gaussianNoise(p: usize, begin: i32, end: i32, context: usize): void {
  const channels = load<i32>(p, GaussianNoise.channels),
    columns = load<i32>(p, GaussianNoise.columns),
    deviation = load<f32>(p, GaussianNoise.deviationf)
  const height = load<i32>(p, GaussianNoise.height),
    width = load<i32>(p, GaussianNoise.width),
    groups = (channels + 1) >> 1
  for (let n = begin; n < end; n++) {
    for (let row = 0; row < height; row++) {
      let x = load<usize>(p, GaussianNoise.x) + n * load<usize>(p, GaussianNoise.xImage) + row * load<usize>(p, GaussianNoise.xRow)
      let y = load<usize>(p, GaussianNoise.y) + n * load<usize>(p, GaussianNoise.yImage) + row * load<usize>(p, GaussianNoise.yRow)
      for (let i = 0; i < width; i++) {
        for (let c = 0; c < channels; c += 2) {
          const bits = threefry(
            load<u32>(p, GaussianNoise.seed),
            load<u32>(p, GaussianNoise.stream),
            load<u32>(context, Context.step),
            ((n * height + row) * width + i) * groups + (c >> 1),
          )
          const u = <f32>((<u32>bits >> 8) + 1) * 5.960464477539063e-8,
            v = <f32>(<u32>(bits >> 40)) * 5.960464477539063e-8
          const radius = deviation * sqrt<f32>(-2 * f32x4.extract_lane(log4(f32x4.splat(u)), 0))
          const pair = turn(v),
            at = (<usize>c) << 2
          store<f32>(y + at, load<f32>(x + at) + radius * f32x4.extract_lane(pair, 0))
          if (c + 1 < channels) store<f32>(y + at, load<f32>(x + at, 4) + radius * f32x4.extract_lane(pair, 1), 4)
        }
        for (let c = channels; c < columns; c++) store<f32>(y + ((<usize>c) << 2), 0)
        x += load<usize>(p, GaussianNoise.xPixel)
        y += load<usize>(p, GaussianNoise.yPixel)
      }
    }
  }
}
