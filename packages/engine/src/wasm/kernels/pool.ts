// Max pooling with any window, stride and padding. The winner is the first largest value of its window, in row order.
import { MaxPool, MaxPoolGrad } from './generated'

export function maxPool(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, MaxPool.height),
    width = load<i32>(p, MaxPool.width),
    line = load<usize>(p, MaxPool.columns) << 2
  const outHeight = load<i32>(p, MaxPool.outHeight),
    outWidth = load<i32>(p, MaxPool.outWidth)
  const poolY = load<i32>(p, MaxPool.poolY),
    poolX = load<i32>(p, MaxPool.poolX)
  const strideY = load<i32>(p, MaxPool.strideY),
    strideX = load<i32>(p, MaxPool.strideX),
    top = load<i32>(p, MaxPool.top),
    left = load<i32>(p, MaxPool.left)
  const xRow = load<usize>(p, MaxPool.xRow),
    xPixel = load<usize>(p, MaxPool.xPixel)
  for (let n = begin; n < end; n++) {
    const image = load<usize>(p, MaxPool.x) + n * load<usize>(p, MaxPool.xImage)
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        const to =
          load<usize>(p, MaxPool.y) +
          n * load<usize>(p, MaxPool.yImage) +
          y * load<usize>(p, MaxPool.yRow) +
          x * load<usize>(p, MaxPool.yPixel)
        const winners = load<usize>(p, MaxPool.winner) + ((<usize>((n * outHeight + y) * outWidth + x) * line) >> 2)
        for (let c: usize = 0; c < line; c += 16) {
          let best = f32x4.splat(-Infinity),
            winner = i32x4.splat(0)
          let started = false
          for (let r = 0; r < poolY; r++) {
            const row = y * strideY + r - top
            if (row < 0 || row >= height) continue
            for (let s = 0; s < poolX; s++) {
              const column = x * strideX + s - left
              if (column < 0 || column >= width) continue
              const value = v128.load(image + row * xRow + column * xPixel + c)
              const wins = started ? v128.gt<f32>(value, best) : i32x4.splat(-1)
              started = true
              best = v128.bitselect(value, best, wins)
              winner = v128.bitselect(i32x4.splat(r * poolX + s), winner, wins)
            }
          }
          v128.store(to + c, best)
          store<u32>(
            winners + (c >> 2),
            i32x4.extract_lane(winner, 0) |
              (i32x4.extract_lane(winner, 1) << 8) |
              (i32x4.extract_lane(winner, 2) << 16) |
              (i32x4.extract_lane(winner, 3) << 24),
          )
        }
      }
    }
  }
}

export function maxPoolGrad(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, MaxPoolGrad.height),
    width = load<i32>(p, MaxPoolGrad.width),
    columns = load<i32>(p, MaxPoolGrad.columns)
  const outHeight = load<i32>(p, MaxPoolGrad.outHeight),
    outWidth = load<i32>(p, MaxPoolGrad.outWidth),
    poolX = load<i32>(p, MaxPoolGrad.poolX)
  const strideY = load<i32>(p, MaxPoolGrad.strideY),
    strideX = load<i32>(p, MaxPoolGrad.strideX),
    top = load<i32>(p, MaxPoolGrad.top),
    left = load<i32>(p, MaxPoolGrad.left)
  for (let n = begin; n < end; n++) {
    const image = load<usize>(p, MaxPoolGrad.dx) + n * load<usize>(p, MaxPoolGrad.dxImage)
    for (let y = 0; y < height; y++)
      memory.fill(image + y * load<usize>(p, MaxPoolGrad.dxRow), 0, width * load<usize>(p, MaxPoolGrad.dxPixel))
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        const from =
          load<usize>(p, MaxPoolGrad.dy) +
          n * load<usize>(p, MaxPoolGrad.dyImage) +
          y * load<usize>(p, MaxPoolGrad.dyRow) +
          x * load<usize>(p, MaxPoolGrad.dyPixel)
        const winners = load<usize>(p, MaxPoolGrad.winner) + <usize>(((n * outHeight + y) * outWidth + x) * columns)
        for (let c = 0; c < columns; c++) {
          const winner = <i32>load<u8>(winners + c),
            r = winner / poolX
          const at =
            image +
            (y * strideY + r - top) * load<usize>(p, MaxPoolGrad.dxRow) +
            (x * strideX + winner - r * poolX - left) * load<usize>(p, MaxPoolGrad.dxPixel) +
            ((<usize>c) << 2)
          store<f32>(at, load<f32>(at) + load<f32>(from + ((<usize>c) << 2)))
        }
      }
    }
  }
}
