/*
 * The rarer optimizers, in Keras 3's formulas: RMSprop centered and with momentum, Nesterov's momentum, AdamW; and what may be
 * done with a gradient before an optimizer sees it: adding it up over steps, and the gradient of a weight's penalty.
 */
import { Control, Update } from './generated'
import { madd } from './simd'

/** g += 2 l2 w + l1 sign(w). */
export function addPenalty(w: usize, g: usize, bytes: usize, update: usize): void {
  const l1 = f32x4.splat(load<f32>(update, Update.l1f)),
    twice = f32x4.splat(2 * load<f32>(update, Update.l2f)),
    zero = f32x4.splat(0)
  for (let i: usize = 0; i < bytes; i += 16) {
    const v = v128.load(w + i)
    const sign = v128.sub<f32>(v128.and(v128.gt<f32>(v, zero), l1), v128.and(v128.lt<f32>(v, zero), l1))
    v128.store(g + i, v128.add<f32>(madd(twice, v, sign), v128.load(g + i)))
  }
}

export function addGradient(sum: usize, g: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(sum + i, v128.add<f32>(v128.load(sum + i), v128.load(g + i)))
}

export function nesterov(w: usize, slot: usize, g: usize, bytes: usize, update: usize, rate: f32): void {
  const keep = f32x4.splat(load<f32>(update, Update.momentumf)),
    lr = f32x4.splat(rate)
  for (let i: usize = 0; i < bytes; i += 16) {
    const move = v128.mul<f32>(lr, v128.load(g + i))
    const velocity = v128.sub<f32>(v128.mul<f32>(keep, v128.load(slot + i)), move)
    v128.store(slot + i, velocity)
    v128.store(w + i, v128.add<f32>(v128.load(w + i), v128.sub<f32>(v128.mul<f32>(keep, velocity), move)))
  }
}

export function adamw(w: usize, first: usize, second: usize, g: usize, bytes: usize, update: usize, rate: f32): void {
  const rest1 = f32x4.splat(load<f32>(update, Update.rest1f)),
    rest2 = f32x4.splat(load<f32>(update, Update.restf))
  const epsilon = f32x4.splat(load<f32>(update, Update.epsilonf)),
    lr = f32x4.splat(rate)
  const plain = f32x4.splat(load<f32>(load<usize>(update, Update.control), Control.plainRate)),
    decay = f32x4.splat(load<f32>(update, Update.decayf))
  for (let i: usize = 0; i < bytes; i += 16) {
    const d = v128.load(g + i)
    let m = v128.load(first + i),
      v = v128.load(second + i),
      x = v128.load(w + i)
    x = v128.sub<f32>(x, v128.mul<f32>(v128.mul<f32>(x, decay), plain))
    m = madd(v128.sub<f32>(d, m), rest1, m)
    v = madd(v128.sub<f32>(v128.mul<f32>(d, d), v), rest2, v)
    v128.store(first + i, m)
    v128.store(second + i, v)
    const step = v128.div<f32>(v128.mul<f32>(m, lr), v128.add<f32>(v128.sqrt<f32>(v), epsilon))
    v128.store(w + i, v128.sub<f32>(x, step))
  }
}

/** Kinds 9..11: momentum, centered, both; 12..14: the same with TF-2's place of epsilon. Slots: rms, mean, momentum. */
export function rmspropMore(w: usize, slot: usize, g: usize, bytes: usize, update: usize, rate: f32): void {
  const kind = load<i32>(update, Update.kind) - 9,
    tf2 = kind >= 3,
    form = kind % 3
  const centered = form >= 1,
    moving = form != 1,
    slotBytes = load<usize>(update, Update.slotBytes)
  const average = slot + slotBytes,
    velocity = centered ? average + slotBytes : average
  const rho = f32x4.splat(load<f32>(update, Update.rhof)),
    rest = f32x4.splat(load<f32>(update, Update.restf)),
    keep = f32x4.splat(load<f32>(update, Update.momentumf))
  const epsilon = f32x4.splat(load<f32>(update, Update.epsilonf)),
    lr = f32x4.splat(rate)
  for (let i: usize = 0; i < bytes; i += 16) {
    const d = v128.load(g + i)
    const square = madd(rho, v128.load(slot + i), v128.mul<f32>(rest, v128.mul<f32>(d, d)))
    v128.store(slot + i, square)
    let divisor = square
    if (centered) {
      const mean = madd(rho, v128.load(average + i), v128.mul<f32>(rest, d))
      v128.store(average + i, mean)
      divisor = v128.sub<f32>(square, v128.mul<f32>(mean, mean))
    }
    divisor = tf2
      ? v128.add<f32>(v128.sqrt<f32>(divisor), epsilon)
      : v128.sqrt<f32>(v128.add<f32>(divisor, epsilon))
    let step = v128.div<f32>(v128.mul<f32>(lr, d), divisor)
    if (moving) {
      step = v128.add<f32>(v128.mul<f32>(keep, v128.load(velocity + i)), step)
      v128.store(velocity + i, step)
    }
    v128.store(w + i, v128.sub<f32>(v128.load(w + i), step))
  }
}
