/*
 * Activations, one kernel for all: y = f(x) in place or not, and dz = dy f'. Kinds are numbered as in ops/activation.ts. f' is told
 * from the output, but for swish and gelu from the input. Sources: Keras' activations; erf by Abramowitz and Stegun 7.1.26.
 */
import { Activate, ActivateGrad, SoftmaxPixels, SoftmaxPixelsGrad } from './generated'
import { exp4, log4 } from './math'
import { madd } from './simd'

const SELU_SCALE: f32 = 1.05070098735548
const SELU_ALPHA: f32 = 1.67326324235437

function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1)
  return v128.div<f32>(one, v128.add<f32>(one, exp4(v128.neg<f32>(x))))
}

/** Near 0 a polynomial (Cephes), elsewhere 1 - 2 / (e^2x + 1). */
function tanh4(x: v128): v128 {
  const one = f32x4.splat(1),
    z = v128.mul<f32>(x, x)
  let y = f32x4.splat(-5.70498872745e-3)
  y = madd(y, z, f32x4.splat(2.06390887954e-2))
  y = madd(y, z, f32x4.splat(-5.37397155531e-2))
  y = madd(y, z, f32x4.splat(1.33314422036e-1))
  y = madd(y, z, f32x4.splat(-3.33332819422e-1))
  y = madd(v128.mul<f32>(y, z), x, x)
  const far = v128.sub<f32>(one, v128.div<f32>(f32x4.splat(2), v128.add<f32>(exp4(v128.add<f32>(x, x)), one)))
  return v128.bitselect(far, y, v128.gt<f32>(v128.abs<f32>(x), f32x4.splat(0.625)))
}

/** The share of a normal distribution below x. */
function normal4(x: v128): v128 {
  const a = v128.mul<f32>(v128.abs<f32>(x), f32x4.splat(0.7071067811865476)),
    one = f32x4.splat(1)
  const t = v128.div<f32>(one, madd(f32x4.splat(0.3275911), a, one))
  let y = f32x4.splat(1.061405429)
  y = madd(y, t, f32x4.splat(-1.453152027))
  y = madd(y, t, f32x4.splat(1.421413741))
  y = madd(y, t, f32x4.splat(-0.284496736))
  y = madd(y, t, f32x4.splat(0.254829592))
  const tail = v128.mul<f32>(
    f32x4.splat(0.5),
    v128.mul<f32>(v128.mul<f32>(y, t), exp4(v128.neg<f32>(v128.mul<f32>(a, a)))),
  )
  return v128.bitselect(v128.sub<f32>(one, tail), tail, v128.gt<f32>(x, f32x4.splat(0)))
}

function expBelow(x: v128, scale: v128): v128 {
  return v128.mul<f32>(scale, v128.sub<f32>(exp4(v128.min<f32>(x, f32x4.splat(0))), f32x4.splat(1)))
}

function apply(kind: i32, x: v128, alpha: v128): v128 {
  const zero = f32x4.splat(0),
    one = f32x4.splat(1),
    positive = v128.gt<f32>(x, zero)
  switch (kind) {
    case 1:
      return v128.min<f32>(v128.max<f32>(x, zero), f32x4.splat(6))
    case 2:
      return v128.bitselect(x, v128.mul<f32>(x, alpha), positive)
    case 3:
      return v128.bitselect(x, expBelow(x, alpha), positive)
    case 4: {
      const scale = f32x4.splat(SELU_SCALE)
      return v128.bitselect(v128.mul<f32>(x, scale), expBelow(x, f32x4.splat(SELU_SCALE * SELU_ALPHA)), positive)
    }
    case 5:
      return sigmoid4(x)
    case 6:
      return v128.min<f32>(v128.max<f32>(madd(x, alpha, f32x4.splat(0.5)), zero), one)
    case 7:
      return tanh4(x)
    case 8:
      return v128.add<f32>(v128.max<f32>(x, zero), log4(v128.add<f32>(one, exp4(v128.neg<f32>(v128.abs<f32>(x))))))
    case 9:
      return v128.mul<f32>(x, sigmoid4(x))
    case 10:
      return v128.mul<f32>(x, normal4(x))
    default:
      return v128.max<f32>(x, zero)
  }
}

/** f' from the output, or from the input for kinds 9 and 10. */
function slope(kind: i32, v: v128, alpha: v128): v128 {
  const zero = f32x4.splat(0),
    one = f32x4.splat(1),
    positive = v128.gt<f32>(v, zero)
  switch (kind) {
    case 1:
      return v128.and(v128.and(positive, v128.lt<f32>(v, f32x4.splat(6))), one)
    case 2:
      return v128.bitselect(one, alpha, positive)
    case 3:
      return v128.bitselect(one, v128.add<f32>(v, alpha), positive)
    case 4:
      return v128.bitselect(f32x4.splat(SELU_SCALE), v128.add<f32>(v, f32x4.splat(SELU_SCALE * SELU_ALPHA)), positive)
    case 5:
      return v128.mul<f32>(v, v128.sub<f32>(one, v))
    case 6:
      return v128.and(v128.and(positive, v128.lt<f32>(v, one)), alpha)
    case 7:
      return v128.sub<f32>(one, v128.mul<f32>(v, v))
    case 8:
      return v128.sub<f32>(one, exp4(v128.neg<f32>(v)))
    case 9: {
      const s = sigmoid4(v)
      return v128.mul<f32>(s, v128.add<f32>(one, v128.mul<f32>(v, v128.sub<f32>(one, s))))
    }
    case 10: {
      const density = v128.mul<f32>(
        f32x4.splat(0.3989422804014327),
        exp4(v128.mul<f32>(f32x4.splat(-0.5), v128.mul<f32>(v, v))),
      )
      return madd(v, density, normal4(v))
    }
    default:
      return v128.and(positive, one)
  }
}

export function activate(p: usize, begin: i32, end: i32, context: usize): void {
  const kind = load<i32>(p, Activate.kind),
    alpha = f32x4.splat(load<f32>(p, Activate.alphaf)),
    line = load<usize>(p, Activate.columns) << 2
  const used = load<usize>(p, Activate.channels) << 2
  for (let n = begin; n < end; n++) {
    for (let row = 0; row < load<i32>(p, Activate.height); row++) {
      let x = load<usize>(p, Activate.x) + n * load<usize>(p, Activate.xImage) + row * load<usize>(p, Activate.xRow)
      let y = load<usize>(p, Activate.y) + n * load<usize>(p, Activate.yImage) + row * load<usize>(p, Activate.yRow)
      for (let i = load<i32>(p, Activate.width); i > 0; i--) {
        for (let c: usize = 0; c < line; c += 16) v128.store(y + c, apply(kind, v128.load(x + c), alpha))
        for (let c = used; c < line; c += 4) store<f32>(y + c, 0)
        x += load<usize>(p, Activate.xPixel)
        y += load<usize>(p, Activate.yPixel)
      }
    }
  }
}

export function activateGrad(p: usize, begin: i32, end: i32, context: usize): void {
  const kind = load<i32>(p, ActivateGrad.kind),
    alpha = f32x4.splat(load<f32>(p, ActivateGrad.alphaf)),
    line = load<usize>(p, ActivateGrad.columns) << 2
  for (let n = begin; n < end; n++) {
    for (let row = 0; row < load<i32>(p, ActivateGrad.height); row++) {
      let v = load<usize>(p, ActivateGrad.v) + n * load<usize>(p, ActivateGrad.vImage) + row * load<usize>(p, ActivateGrad.vRow)
      let dy = load<usize>(p, ActivateGrad.dy) + n * load<usize>(p, ActivateGrad.dyImage) + row * load<usize>(p, ActivateGrad.dyRow)
      let dz = load<usize>(p, ActivateGrad.dz) + n * load<usize>(p, ActivateGrad.dzImage) + row * load<usize>(p, ActivateGrad.dzRow)
      for (let i = load<i32>(p, ActivateGrad.width); i > 0; i--) {
        for (let c: usize = 0; c < line; c += 16)
          v128.store(dz + c, v128.mul<f32>(v128.load(dy + c), slope(kind, v128.load(v + c), alpha)))
        v += load<usize>(p, ActivateGrad.vPixel)
        dy += load<usize>(p, ActivateGrad.dyPixel)
        dz += load<usize>(p, ActivateGrad.dzPixel)
      }
    }
  }
}

function softmaxPixel(x: usize, y: usize, channels: i32, columns: i32): void {
  let top: f32 = load<f32>(x)
  for (let c = 1; c < channels; c++) top = max<f32>(top, load<f32>(x + ((<usize>c) << 2)))
  let sum: f32 = 0
  for (let c = 0; c < columns; c += 4) {
    const at = (<usize>c) << 2
    v128.store(y + at, exp4(v128.sub<f32>(v128.load(x + at), f32x4.splat(top))))
    for (let k = c; k < c + 4; k++) {
      const to = y + ((<usize>k) << 2)
      if (k < channels) sum += load<f32>(to)
      else store<f32>(to, 0)
    }
  }
  for (let c = 0; c < columns; c += 4) {
    const at = y + ((<usize>c) << 2)
    v128.store(at, v128.div<f32>(v128.load(at), f32x4.splat(sum)))
  }
}

export function softmaxPixels(p: usize, begin: i32, end: i32, context: usize): void {
  for (let n = begin; n < end; n++) {
    for (let row = 0; row < load<i32>(p, SoftmaxPixels.height); row++) {
      let x = load<usize>(p, SoftmaxPixels.x) + n * load<usize>(p, SoftmaxPixels.xImage) + row * load<usize>(p, SoftmaxPixels.xRow)
      let y = load<usize>(p, SoftmaxPixels.y) + n * load<usize>(p, SoftmaxPixels.yImage) + row * load<usize>(p, SoftmaxPixels.yRow)
      for (let i = load<i32>(p, SoftmaxPixels.width); i > 0; i--) {
        softmaxPixel(x, y, load<i32>(p, SoftmaxPixels.channels), load<i32>(p, SoftmaxPixels.columns))
        x += load<usize>(p, SoftmaxPixels.xPixel)
        y += load<usize>(p, SoftmaxPixels.yPixel)
      }
    }
  }
}

export function softmaxPixelsGrad(p: usize, begin: i32, end: i32, context: usize): void {
  const line = load<usize>(p, SoftmaxPixelsGrad.columns) << 2
  for (let n = begin; n < end; n++) {
    for (let row = 0; row < load<i32>(p, SoftmaxPixelsGrad.height); row++) {
      let y = load<usize>(p, SoftmaxPixelsGrad.y) + n * load<usize>(p, SoftmaxPixelsGrad.yImage) + row * load<usize>(p, SoftmaxPixelsGrad.yRow)
      let dy = load<usize>(p, SoftmaxPixelsGrad.dy) + n * load<usize>(p, SoftmaxPixelsGrad.dyImage) + row * load<usize>(p, SoftmaxPixelsGrad.dyRow)
      let dx = load<usize>(p, SoftmaxPixelsGrad.dx) + n * load<usize>(p, SoftmaxPixelsGrad.dxImage) + row * load<usize>(p, SoftmaxPixelsGrad.dxRow)
      for (let i = load<i32>(p, SoftmaxPixelsGrad.width); i > 0; i--) {
        let sum: f32 = 0
        for (let c: usize = 0; c < line; c += 4) sum += load<f32>(y + c) * load<f32>(dy + c)
        for (let c: usize = 0; c < line; c += 4) store<f32>(dx + c, load<f32>(y + c) * (load<f32>(dy + c) - sum))
        y += load<usize>(p, SoftmaxPixelsGrad.yPixel)
        dy += load<usize>(p, SoftmaxPixelsGrad.dyPixel)
        dx += load<usize>(p, SoftmaxPixelsGrad.dxPixel)
      }
    }
  }
}
