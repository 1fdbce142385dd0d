// The gradient of a convolution with respect to its input, for any stride: each dz is spread over the window that it came from.
import { StridedDx } from './generated'
import { madd, sum4 } from './simd'

/** dx[c] += sum over o of dz[o] w[c][o], for `inputs` rows of w in panels. */
function spread(dz: usize, w: usize, panelBytes: usize, columns: i32, dx: usize, inputs: i32): void {
  for (let c = 0; c < inputs; c++) {
    let at = w + ((<usize>c) << 5),
      sum = f32x4.splat(0)
    for (let o = 0; o < columns; o += 8) {
      const z = dz + ((<usize>o) << 2)
      sum = madd(v128.load(z), v128.load(at), sum)
      if (o + 4 < columns) sum = madd(v128.load(z, 16), v128.load(at, 16), sum)
      at += panelBytes
    }
    const to = dx + ((<usize>c) << 2)
    store<f32>(to, load<f32>(to) + sum4(sum))
  }
}

export function stridedDx(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, StridedDx.height),
    width = load<i32>(p, StridedDx.width),
    inputs = load<i32>(p, StridedDx.inputs),
    columns = load<i32>(p, StridedDx.columns)
  const kernelY = load<i32>(p, StridedDx.kernelY),
    kernelX = load<i32>(p, StridedDx.kernelX),
    panelBytes = load<usize>(p, StridedDx.panelBytes)
  for (let n = begin; n < end; n++) {
    const dx = load<usize>(p, StridedDx.dx) + n * load<usize>(p, StridedDx.dxImage)
    for (let y = 0; y < height; y++) memory.fill(dx + y * load<usize>(p, StridedDx.dxRow), 0, width * load<usize>(p, StridedDx.dxPixel))
    for (let i = 0; i < load<i32>(p, StridedDx.outHeight); i++) {
      for (let j = 0; j < load<i32>(p, StridedDx.outWidth); j++) {
        const dz =
          load<usize>(p, StridedDx.dz) +
          n * load<usize>(p, StridedDx.dzImage) +
          i * load<usize>(p, StridedDx.dzRow) +
          j * load<usize>(p, StridedDx.dzPixel)
        for (let r = 0; r < kernelY; r++) {
          const row = i * load<i32>(p, StridedDx.strideY) + r * load<i32>(p, StridedDx.dilationY) - load<i32>(p, StridedDx.top)
          if (row < 0 || row >= height) continue
          for (let s = 0; s < kernelX; s++) {
            const column =
              j * load<i32>(p, StridedDx.strideX) + s * load<i32>(p, StridedDx.dilationX) - load<i32>(p, StridedDx.left)
            if (column < 0 || column >= width) continue
            spread(
              dz,
              load<usize>(p, StridedDx.w) + ((<usize>((r * kernelX + s) * inputs)) << 5),
              panelBytes,
              columns,
              dx + row * load<usize>(p, StridedDx.dxRow) + column * load<usize>(p, StridedDx.dxPixel),
              inputs,
            )
          }
        }
      }
    }
  }
}
