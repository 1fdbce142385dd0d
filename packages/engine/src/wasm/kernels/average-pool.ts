// Average pooling with any window, stride and padding (places outside the image don't count), and the largest value of a channel.
import { AveragePool, AveragePoolGrad, GlobalMax, GlobalMaxGrad } from './generated'

export function averagePool(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, AveragePool.height),
    width = load<i32>(p, AveragePool.width),
    line = load<usize>(p, AveragePool.columns) << 2
  const xRow = load<usize>(p, AveragePool.xRow),
    xPixel = load<usize>(p, AveragePool.xPixel)
  for (let n = begin; n < end; n++) {
    const image = load<usize>(p, AveragePool.x) + n * load<usize>(p, AveragePool.xImage)
    for (let i = 0; i < load<i32>(p, AveragePool.outHeight); i++) {
      for (let j = 0; j < load<i32>(p, AveragePool.outWidth); j++) {
        const to =
          load<usize>(p, AveragePool.y) +
          n * load<usize>(p, AveragePool.yImage) +
          i * load<usize>(p, AveragePool.yRow) +
          j * load<usize>(p, AveragePool.yPixel)
        const row = i * load<i32>(p, AveragePool.strideY) - load<i32>(p, AveragePool.top),
          column = j * load<i32>(p, AveragePool.strideX) - load<i32>(p, AveragePool.left)
        const firstRow = max(row, 0),
          lastRow = min(row + load<i32>(p, AveragePool.poolY), height)
        const first = max(column, 0),
          last = min(column + load<i32>(p, AveragePool.poolX), width)
        const share = f32x4.splat(1 / <f32>((lastRow - firstRow) * (last - first)))
        for (let c: usize = 0; c < line; c += 16) {
          let sum = f32x4.splat(0)
          for (let y = firstRow; y < lastRow; y++) {
            let at = image + y * xRow + first * xPixel + c
            for (let x = first; x < last; x++) {
              sum = v128.add<f32>(sum, v128.load(at))
              at += xPixel
            }
          }
          v128.store(to + c, v128.mul<f32>(sum, share))
        }
      }
    }
  }
}

export function averagePoolGrad(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, AveragePoolGrad.height),
    width = load<i32>(p, AveragePoolGrad.width),
    line = load<usize>(p, AveragePoolGrad.columns) << 2
  const dxRow = load<usize>(p, AveragePoolGrad.dxRow),
    dxPixel = load<usize>(p, AveragePoolGrad.dxPixel)
  for (let n = begin; n < end; n++) {
    const image = load<usize>(p, AveragePoolGrad.dx) + n * load<usize>(p, AveragePoolGrad.dxImage)
    for (let y = 0; y < height; y++) memory.fill(image + y * dxRow, 0, width * dxPixel)
    for (let i = 0; i < load<i32>(p, AveragePoolGrad.outHeight); i++) {
      for (let j = 0; j < load<i32>(p, AveragePoolGrad.outWidth); j++) {
        const from =
          load<usize>(p, AveragePoolGrad.dy) +
          n * load<usize>(p, AveragePoolGrad.dyImage) +
          i * load<usize>(p, AveragePoolGrad.dyRow) +
          j * load<usize>(p, AveragePoolGrad.dyPixel)
        const row = i * load<i32>(p, AveragePoolGrad.strideY) - load<i32>(p, AveragePoolGrad.top),
          column = j * load<i32>(p, AveragePoolGrad.strideX) - load<i32>(p, AveragePoolGrad.left)
        const firstRow = max(row, 0),
          lastRow = min(row + load<i32>(p, AveragePoolGrad.poolY), height)
        const first = max(column, 0),
          last = min(column + load<i32>(p, AveragePoolGrad.poolX), width)
        const share = f32x4.splat(1 / <f32>((lastRow - firstRow) * (last - first)))
        for (let c: usize = 0; c < line; c += 16) {
          const d = v128.mul<f32>(v128.load(from + c), share)
          for (let y = firstRow; y < lastRow; y++) {
            let at = image + y * dxRow + first * dxPixel + c
            for (let x = first; x < last; x++) {
              v128.store(at, v128.add<f32>(v128.load(at), d))
              at += dxPixel
            }
          }
        }
      }
    }
  }
}

export function globalMax(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, GlobalMax.columns) << 2
  for (let n = begin; n < end; n++) {
    const image = load<usize>(p, GlobalMax.x) + n * load<usize>(p, GlobalMax.xImage)
    for (let c: usize = 0; c < line; c += 16) {
      let best = v128.load(image + c)
      for (let row = 0; row < load<i32>(p, GlobalMax.height); row++) {
        let at = image + row * load<usize>(p, GlobalMax.xRow) + c
        for (let i = load<i32>(p, GlobalMax.width); i > 0; i--) {
          best = v128.max<f32>(best, v128.load(at))
          at += load<usize>(p, GlobalMax.xPixel)
        }
      }
      v128.store(load<usize>(p, GlobalMax.y) + n * load<usize>(p, GlobalMax.yImage) + c, best)
    }
  }
}

export function globalMaxGrad(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, GlobalMaxGrad.columns) << 2,
    height = load<i32>(p, GlobalMaxGrad.height),
    width = load<i32>(p, GlobalMaxGrad.width)
  const one = f32x4.splat(1)
  for (let n = begin; n < end; n++) {
    const x = load<usize>(p, GlobalMaxGrad.x) + n * load<usize>(p, GlobalMaxGrad.xImage),
      dx = load<usize>(p, GlobalMaxGrad.dx) + n * load<usize>(p, GlobalMaxGrad.dxImage)
    for (let c: usize = 0; c < line; c += 16) {
      const best = v128.load(load<usize>(p, GlobalMaxGrad.y) + n * load<usize>(p, GlobalMaxGrad.yImage) + c)
      let count = f32x4.splat(0)
      for (let row = 0; row < height; row++) {
        let at = x + row * load<usize>(p, GlobalMaxGrad.xRow) + c
        for (let i = 0; i < width; i++) {
          count = v128.add<f32>(count, v128.and(v128.eq<f32>(v128.load(at), best), one))
          at += load<usize>(p, GlobalMaxGrad.xPixel)
        }
      }
      const dy = v128.load(load<usize>(p, GlobalMaxGrad.dy) + n * load<usize>(p, GlobalMaxGrad.dyImage) + c)
      const share = v128.div<f32>(dy, count)
      for (let row = 0; row < height; row++) {
        let at = x + row * load<usize>(p, GlobalMaxGrad.xRow) + c,
          to = dx + row * load<usize>(p, GlobalMaxGrad.dxRow) + c
        for (let i = 0; i < width; i++) {
          v128.store(to, v128.and(v128.eq<f32>(v128.load(at), best), share))
          at += load<usize>(p, GlobalMaxGrad.xPixel)
          to += load<usize>(p, GlobalMaxGrad.dxPixel)
        }
      }
    }
  }
}
