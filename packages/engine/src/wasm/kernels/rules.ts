/*
 * What belongs to a weight besides its gradient: the loss of its penalty, the largest norm of its columns; and the update as a pass of
 * its own over gradients that lie in one region, with Keras' clips. Kernels lie in panels of eight columns, of whose last one the half
 * that holds no column may hold anything.
 */
import { Context } from './context'
import { ApplyUpdate, ClipScales, Control, GradientNorms, GradientSquares, MaxNorm, Penalty, Update } from './generated'
import { updateRun } from './update'

/** Sum of f over the words of a panel that are columns: squares, or absolute values. */
function panelSum(at: usize, words: i32, used: i32, absolute: bool): f64 {
  let sum: f64 = 0
  for (let i = 0; i < words; i++) {
    if (used <= 4 && i & 4) continue
    const v = <f64>load<f32>(at + ((<usize>i) << 2))
    sum += absolute ? abs<f64>(v) : v * v
  }
  return sum
}

export function penalty(p: usize, begin: i32, end: i32, context: usize): void {
  const l1 = <f64>load<f32>(p, Penalty.l1f),
    l2 = <f64>load<f32>(p, Penalty.l2f),
    words = load<i32>(p, Penalty.words)
  let loss: f64 = 0
  for (let panel = 0; panel < load<i32>(p, Penalty.panels); panel++) {
    const at = load<usize>(p, Penalty.w) + panel * load<usize>(p, Penalty.panelBytes),
      used = load<i32>(p, Penalty.columns) - (panel << 3)
    if (l1) loss += l1 * panelSum(at, words, used, true)
    if (l2) loss += l2 * panelSum(at, words, used, false)
  }
  const control = load<usize>(context, Context.control)
  store<f64>(control, load<f64>(control, Control.loss) + loss * <f64>load<i32>(p, Penalty.batch), Control.loss)
}

function limited(norm: f32, limit: f32): f32 {
  return min<f32>(norm, limit) / (norm + <f32>1e-7)
}

export function maxNorm(p: usize, begin: i32, end: i32, context: usize): void {
  const words = load<i32>(p, MaxNorm.words),
    limit = load<f32>(p, MaxNorm.limitf)
  const lanes = load<usize>(p, MaxNorm.panelBytes) ? 8 : 1
  for (let panel = begin; panel < end; panel++) {
    const w = load<usize>(p, MaxNorm.w) + panel * load<usize>(p, MaxNorm.panelBytes)
    for (let lane = 0; lane < lanes; lane++) {
      let sum: f32 = 0
      for (let i = lane; i < words; i += lanes) {
        const v = load<f32>(w + ((<usize>i) << 2))
        sum += v * v
      }
      const factor = limited(sqrt<f32>(sum), limit)
      for (let i = lane; i < words; i += lanes) {
        const at = w + ((<usize>i) << 2)
        store<f32>(at, load<f32>(at) * factor)
      }
    }
  }
}

export function gradientSquares(p: usize, begin: i32, end: i32, context: usize): void {
  const gradients = load<usize>(load<usize>(p, GradientSquares.update), Update.gradientBytes)
  for (let panel = begin; panel < end; panel++) {
    const at = load<usize>(p, GradientSquares.w) + gradients + panel * load<usize>(p, GradientSquares.panelBytes)
    const used = load<i32>(p, GradientSquares.columns) - (panel << 3)
    store<f64>(
      load<usize>(p, GradientSquares.out) + ((<usize>panel) << 3),
      panelSum(at, load<i32>(p, GradientSquares.words), used, false),
    )
  }
}

export function gradientNorms(p: usize, begin: i32, end: i32, context: usize): void {
  let sum: f64 = 0
  for (let i = 0; i < load<i32>(p, GradientNorms.panels); i++) sum += load<f64>(load<usize>(p, GradientNorms.squares) + ((<usize>i) << 3))
  store<f64>(load<usize>(p, GradientNorms.norms), sqrt<f64>(sum))
}

export function clipScales(p: usize, begin: i32, end: i32, context: usize): void {
  const norms = load<usize>(p, ClipScales.norms),
    scales = load<usize>(p, ClipScales.scales),
    count = load<i32>(p, ClipScales.count)
  const share = <f64>load<f32>(p, ClipScales.sharef),
    limit = <f64>load<f32>(load<usize>(p, ClipScales.update), Update.clipf)
  let total: f64 = 0
  for (let i = 0; i < count; i++) {
    const norm = share * load<f64>(norms + ((<usize>i) << 3))
    total += norm * norm
    store<f32>(scales + ((<usize>i) << 2), <f32>((share * limit) / max<f64>(norm, limit)))
  }
  if (load<i32>(p, ClipScales.mode) != 2) return
  // An infinite norm gives NaN, as in Keras.
  const norm = sqrt<f64>(total),
    scale = <f32>(share * (limit * min<f64>(1 / norm, 1 / limit) + (norm - norm)))
  for (let i = 0; i < count; i++) store<f32>(scales + ((<usize>i) << 2), scale)
}

export function applyUpdate(p: usize, begin: i32, end: i32, context: usize): void {
  const words = load<i32>(p, ApplyUpdate.words),
    tileWords = load<i32>(p, ApplyUpdate.tileWords),
    update = load<usize>(p, ApplyUpdate.update),
    limit: f32 = load<i32>(p, ApplyUpdate.clips) ? load<f32>(update, Update.clipf) : 0
  const scales = load<usize>(p, ApplyUpdate.scales)
  const scale = f32x4.splat(scales ? load<f32>(scales + (load<usize>(p, ApplyUpdate.index) << 2)) : load<f32>(p, ApplyUpdate.sharef))
  for (let tile = begin; tile < end; tile++) {
    const first = tile * tileWords,
      count = min(tileWords, words - first)
    const w = load<usize>(p, ApplyUpdate.w) + ((<usize>first) << 2),
      g = w + load<usize>(update, Update.gradientBytes),
      bytes = (<usize>count) << 2
    for (let i: usize = 0; i < bytes; i += 16) {
      let v = v128.mul<f32>(v128.load(g + i), scale)
      if (limit) v = v128.max<f32>(v128.min<f32>(v, f32x4.splat(limit)), f32x4.splat(-limit))
      v128.store(g + i, v)
    }
    updateRun(w, g, count >> 2, update, load<f32>(context, Context.rate))
    memory.fill(g, 0, bytes)
  }
}
