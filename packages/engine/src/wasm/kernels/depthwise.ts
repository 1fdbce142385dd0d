/*
 * Depthwise convolution: output channel o reads input channel o / multiplier alone. Weights lie as [place][output channel]. With a
 * multiplier of 1 it works in vectors, otherwise value by value.
 */
import { Depthwise, DepthwiseDw, DepthwiseDx } from './generated'
import { madd } from './simd'

export function depthwise(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, Depthwise.height),
    width = load<i32>(p, Depthwise.width),
    columns = load<i32>(p, Depthwise.columns),
    multiplier = load<i32>(p, Depthwise.multiplier)
  const kernelX = load<i32>(p, Depthwise.kernelX),
    line = (<usize>columns) << 2,
    bias = load<usize>(p, Depthwise.bias)
  for (let n = begin; n < end; n++) {
    const image = load<usize>(p, Depthwise.x) + n * load<usize>(p, Depthwise.xImage)
    for (let i = 0; i < load<i32>(p, Depthwise.outHeight); i++) {
      for (let j = 0; j < load<i32>(p, Depthwise.outWidth); j++) {
        const to =
          load<usize>(p, Depthwise.y) +
          n * load<usize>(p, Depthwise.yImage) +
          i * load<usize>(p, Depthwise.yRow) +
          j * load<usize>(p, Depthwise.yPixel)
        if (bias) memory.copy(to, bias, line)
        else memory.fill(to, 0, line)
        for (let r = 0; r < load<i32>(p, Depthwise.kernelY); r++) {
          const row = i * load<i32>(p, Depthwise.strideY) + r * load<i32>(p, Depthwise.dilationY) - load<i32>(p, Depthwise.top)
          if (row < 0 || row >= height) continue
          for (let s = 0; s < kernelX; s++) {
            const column =
              j * load<i32>(p, Depthwise.strideX) + s * load<i32>(p, Depthwise.dilationX) - load<i32>(p, Depthwise.left)
            if (column < 0 || column >= width) continue
            const x = image + row * load<usize>(p, Depthwise.xRow) + column * load<usize>(p, Depthwise.xPixel)
            const w = load<usize>(p, Depthwise.w) + (r * kernelX + s) * line
            if (multiplier == 1) {
              for (let c: usize = 0; c < line; c += 16)
                v128.store(to + c, madd(v128.load(x + c), v128.load(w + c), v128.load(to + c)))
            } else {
              for (let o = 0; o < columns; o++) {
                const at = (<usize>o) << 2
                store<f32>(to + at, load<f32>(to + at) + load<f32>(x + ((<usize>(o / multiplier)) << 2)) * load<f32>(w + at))
              }
            }
          }
        }
      }
    }
  }
}

export function depthwiseDx(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, DepthwiseDx.height),
    width = load<i32>(p, DepthwiseDx.width),
    columns = load<i32>(p, DepthwiseDx.columns),
    multiplier = load<i32>(p, DepthwiseDx.multiplier)
  const kernelX = load<i32>(p, DepthwiseDx.kernelX),
    line = (<usize>columns) << 2,
    dxColumns = load<i32>(p, DepthwiseDx.dxColumns)
  for (let n = begin; n < end; n++) {
    const image = load<usize>(p, DepthwiseDx.dx) + n * load<usize>(p, DepthwiseDx.dxImage)
    for (let y = 0; y < height; y++) memory.fill(image + y * load<usize>(p, DepthwiseDx.dxRow), 0, width * load<usize>(p, DepthwiseDx.dxPixel))
    for (let i = 0; i < load<i32>(p, DepthwiseDx.outHeight); i++) {
      for (let j = 0; j < load<i32>(p, DepthwiseDx.outWidth); j++) {
        const dz =
          load<usize>(p, DepthwiseDx.dz) +
          n * load<usize>(p, DepthwiseDx.dzImage) +
          i * load<usize>(p, DepthwiseDx.dzRow) +
          j * load<usize>(p, DepthwiseDx.dzPixel)
        for (let r = 0; r < load<i32>(p, DepthwiseDx.kernelY); r++) {
          const row = i * load<i32>(p, DepthwiseDx.strideY) + r * load<i32>(p, DepthwiseDx.dilationY) - load<i32>(p, DepthwiseDx.top)
          if (row < 0 || row >= height) continue
          for (let s = 0; s < kernelX; s++) {
            const column =
              j * load<i32>(p, DepthwiseDx.strideX) + s * load<i32>(p, DepthwiseDx.dilationX) - load<i32>(p, DepthwiseDx.left)
            if (column < 0 || column >= width) continue
            const dx = image + row * load<usize>(p, DepthwiseDx.dxRow) + column * load<usize>(p, DepthwiseDx.dxPixel)
            const w = load<usize>(p, DepthwiseDx.w) + (r * kernelX + s) * line
            if (multiplier == 1) {
              for (let c: usize = 0; c < line; c += 16)
                v128.store(dx + c, madd(v128.load(dz + c), v128.load(w + c), v128.load(dx + c)))
            } else {
              for (let o = 0; o < columns; o++) {
                const at = (<usize>o) << 2,
                  channel = o / multiplier
                // Padding of dz meets no channel of dx.
                if (channel >= dxColumns) break
                const to = dx + ((<usize>channel) << 2)
                store<f32>(to, load<f32>(to) + load<f32>(dz + at) * load<f32>(w + at))
              }
            }
          }
        }
      }
    }
  }
}

export function depthwiseDw(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, DepthwiseDw.height),
    width = load<i32>(p, DepthwiseDw.width),
    columns = load<i32>(p, DepthwiseDw.columns),
    multiplier = load<i32>(p, DepthwiseDw.multiplier)
  const kernelX = load<i32>(p, DepthwiseDw.kernelX),
    kernelY = load<i32>(p, DepthwiseDw.kernelY),
    line = (<usize>columns) << 2
  const batch = load<i32>(p, DepthwiseDw.batch),
    groups = load<i32>(p, DepthwiseDw.groups)
  for (let group = begin; group < end; group++) {
    const partial = load<usize>(p, DepthwiseDw.partial) + group * load<usize>(p, DepthwiseDw.groupBytes)
    memory.fill(partial, 0, kernelY * kernelX * line)
    for (let n = (batch * group) / groups; n < (batch * (group + 1)) / groups; n++) {
      const image = load<usize>(p, DepthwiseDw.x) + n * load<usize>(p, DepthwiseDw.xImage)
      for (let i = 0; i < load<i32>(p, DepthwiseDw.outHeight); i++) {
        for (let j = 0; j < load<i32>(p, DepthwiseDw.outWidth); j++) {
          const dz =
            load<usize>(p, DepthwiseDw.dz) +
            n * load<usize>(p, DepthwiseDw.dzImage) +
            i * load<usize>(p, DepthwiseDw.dzRow) +
            j * load<usize>(p, DepthwiseDw.dzPixel)
          for (let r = 0; r < kernelY; r++) {
            const row = i * load<i32>(p, DepthwiseDw.strideY) + r * load<i32>(p, DepthwiseDw.dilationY) - load<i32>(p, DepthwiseDw.top)
            if (row < 0 || row >= height) continue
            for (let s = 0; s < kernelX; s++) {
              const column =
                j * load<i32>(p, DepthwiseDw.strideX) + s * load<i32>(p, DepthwiseDw.dilationX) - load<i32>(p, DepthwiseDw.left)
              if (column < 0 || column >= width) continue
              const x = image + row * load<usize>(p, DepthwiseDw.xRow) + column * load<usize>(p, DepthwiseDw.xPixel)
              const g = partial + (r * kernelX + s) * line
              if (multiplier == 1) {
                for (let c: usize = 0; c < line; c += 16)
                  v128.store(g + c, madd(v128.load(x + c), v128.load(dz + c), v128.load(g + c)))
              } else {
                for (let o = 0; o < columns; o++) {
                  const at = (<usize>o) << 2
                  store<f32>(g + at, load<f32>(g + at) + load<f32>(x + ((<usize>(o / multiplier)) << 2)) * load<f32>(dz + at))
                }
              }
            }
          }
        }
      }
    }
  }
}
