// Relu in place, and its gradient: passes where the output is above 0, times what a dropout behind it kept.
import { Relu, ReluGrad } from './generated'

export function relu(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, Relu.columns) << 2,
    zero = f32x4.splat(0)
  for (let n = begin; n < end; n++) {
    for (let row = 0; row < load<i32>(p, Relu.height); row++) {
      let y = load<usize>(p, Relu.y) + n * load<usize>(p, Relu.yImage) + row * load<usize>(p, Relu.yRow)
      for (let i = load<i32>(p, Relu.width); i > 0; i--) {
        for (let c: usize = 0; c < line; c += 16) v128.store(y + c, v128.pmax<f32>(v128.load(y + c), zero))
        y += load<usize>(p, Relu.yPixel)
      }
    }
  }
}

export function reluGrad(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, ReluGrad.columns) << 2,
    keep = f32x4.splat(load<f32>(p, ReluGrad.keepf)),
    zero = f32x4.splat(0)
  for (let n = begin; n < end; n++) {
    for (let row = 0; row < load<i32>(p, ReluGrad.height); row++) {
      let y = load<usize>(p, ReluGrad.y) + n * load<usize>(p, ReluGrad.yImage) + row * load<usize>(p, ReluGrad.yRow)
      let dy = load<usize>(p, ReluGrad.dy) + n * load<usize>(p, ReluGrad.dyImage) + row * load<usize>(p, ReluGrad.dyRow)
      let dz = load<usize>(p, ReluGrad.dz) + n * load<usize>(p, ReluGrad.dzImage) + row * load<usize>(p, ReluGrad.dzRow)
      for (let i = load<i32>(p, ReluGrad.width); i > 0; i--) {
        for (let c: usize = 0; c < line; c += 16) {
          v128.store(dz + c, v128.and(v128.mul<f32>(v128.load(dy + c), keep), v128.gt<f32>(v128.load(y + c), zero)))
        }
        y += load<usize>(p, ReluGrad.yPixel)
        dy += load<usize>(p, ReluGrad.dyPixel)
        dz += load<usize>(p, ReluGrad.dzPixel)
      }
    }
  }
}
