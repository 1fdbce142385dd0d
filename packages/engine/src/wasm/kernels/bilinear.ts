/*
 * Bilinear enlargement by whole factors, and its gradient. An output reads two places along each axis; beyond the first and the last
 * pixel it reads that pixel alone.
 */
import { UpSampleBilinear, UpSampleBilinearGrad } from './generated'
import { madd } from './simd'

/** Where output `i` lies along an axis of `size` pixels. */
function placeOf(i: i32, size: i32, factor: i32, centers: i32): f32 {
  const place: f32 = centers ? (<f32>i + 0.5) / <f32>factor - 0.5 : <f32>i / <f32>factor
  return min<f32>(max<f32>(place, 0), <f32>(size - 1))
}

/** (1 - share) a + share b. */
// @ts-expect-error: decorator
@inline
function between(a: v128, b: v128, share: v128): v128 {
  return madd(share, v128.sub<f32>(b, a), a)
}

export function upSampleBilinear(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, UpSampleBilinear.height),
    width = load<i32>(p, UpSampleBilinear.width),
    sizeY = load<i32>(p, UpSampleBilinear.sizeY),
    sizeX = load<i32>(p, UpSampleBilinear.sizeX),
    centers = load<i32>(p, UpSampleBilinear.centers)
  const line = load<usize>(p, UpSampleBilinear.columns) << 2,
    xRow = load<usize>(p, UpSampleBilinear.xRow),
    xPixel = load<usize>(p, UpSampleBilinear.xPixel)
  for (let n = begin; n < end; n++) {
    const image = load<usize>(p, UpSampleBilinear.x) + n * load<usize>(p, UpSampleBilinear.xImage)
    for (let i = 0; i < height * sizeY; i++) {
      const down = placeOf(i, height, sizeY, centers),
        row = <i32>down,
        shareY = f32x4.splat(down - <f32>row)
      const upper = image + row * xRow,
        lower = image + min(row + 1, height - 1) * xRow
      let y = load<usize>(p, UpSampleBilinear.y) + n * load<usize>(p, UpSampleBilinear.yImage) + i * load<usize>(p, UpSampleBilinear.yRow)
      for (let j = 0; j < width * sizeX; j++) {
        const across = placeOf(j, width, sizeX, centers),
          column = <i32>across,
          shareX = f32x4.splat(across - <f32>column)
        const left = column * xPixel,
          right = min(column + 1, width - 1) * xPixel
        for (let c: usize = 0; c < line; c += 16) {
          const above = between(v128.load(upper + left + c), v128.load(upper + right + c), shareX)
          const below = between(v128.load(lower + left + c), v128.load(lower + right + c), shareX)
          v128.store(y + c, between(above, below, shareY))
        }
        y += load<usize>(p, UpSampleBilinear.yPixel)
      }
    }
  }
}

function addShare(at: usize, d: v128, share: f32): void {
  v128.store(at, madd(d, f32x4.splat(share), v128.load(at)))
}

export function upSampleBilinearGrad(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, UpSampleBilinearGrad.height),
    width = load<i32>(p, UpSampleBilinearGrad.width),
    sizeY = load<i32>(p, UpSampleBilinearGrad.sizeY),
    sizeX = load<i32>(p, UpSampleBilinearGrad.sizeX),
    centers = load<i32>(p, UpSampleBilinearGrad.centers)
  const line = load<usize>(p, UpSampleBilinearGrad.columns) << 2,
    dxRow = load<usize>(p, UpSampleBilinearGrad.dxRow),
    dxPixel = load<usize>(p, UpSampleBilinearGrad.dxPixel)
  for (let n = begin; n < end; n++) {
    const image = load<usize>(p, UpSampleBilinearGrad.dx) + n * load<usize>(p, UpSampleBilinearGrad.dxImage)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++) memory.fill(image + i * dxRow + j * dxPixel, 0, line)
    for (let i = 0; i < height * sizeY; i++) {
      const down = placeOf(i, height, sizeY, centers),
        row = <i32>down,
        shareY = down - <f32>row
      const upper = image + row * dxRow,
        lower = image + min(row + 1, height - 1) * dxRow
      let dy = load<usize>(p, UpSampleBilinearGrad.dy) + n * load<usize>(p, UpSampleBilinearGrad.dyImage) + i * load<usize>(p, UpSampleBilinearGrad.dyRow)
      for (let j = 0; j < width * sizeX; j++) {
        const across = placeOf(j, width, sizeX, centers),
          column = <i32>across,
          shareX = across - <f32>column
        const left = column * dxPixel,
          right = min(column + 1, width - 1) * dxPixel
        for (let c: usize = 0; c < line; c += 16) {
          const d = v128.load(dy + c)
          addShare(upper + left + c, d, (1 - shareY) * (1 - shareX))
          addShare(upper + right + c, d, (1 - shareY) * shareX)
          addShare(lower + left + c, d, shareY * (1 - shareX))
          addShare(lower + right + c, d, shareY * shareX)
        }
        dy += load<usize>(p, UpSampleBilinearGrad.dyPixel)
      }
    }
  }
}
