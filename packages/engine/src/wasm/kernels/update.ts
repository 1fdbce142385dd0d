/*
 * Optimizer updates on runs of vectors. Every weight has its slots at the same place of further copies of the weight region,
 * `slotBytes` apart, so one descriptor serves all weights. Formulas and the placing of epsilon are those of Keras 3.
 * The rate comes with Adam's bias correction already in it.
 */
import { Control, Update } from './generated'
import { addGradient, adamw, addPenalty, nesterov, rmspropMore } from './optimizers'
import { madd } from './simd'

/** Updates `count` vectors of weights at `w` by the gradients at `g`. */
export function updateRun(w: usize, g: usize, count: i32, update: usize, rate: f32): void {
  const slot = w + load<usize>(update, Update.slotBytes)
  const bytes = (<usize>count) << 4
  if (load<i32>(update, Update.penalty)) addPenalty(w, g, bytes, update)
  switch (load<i32>(update, Update.kind)) {
    case 0:
      memory.copy(w + load<usize>(update, Update.gradientBytes), g, bytes)
      break
    case 1:
      rmsprop(w, slot, g, bytes, update, rate)
      break
    case 2:
      rmspropTf2(w, slot, g, bytes, update, rate)
      break
    case 3:
      sgd(w, g, bytes, rate)
      break
    case 4:
      momentum(w, slot, g, bytes, update, rate)
      break
    case 5:
      adam(w, slot, slot + load<usize>(update, Update.slotBytes), g, bytes, update, rate, load<f32>(update, Update.epsilonf))
      break
    case 6:
      addGradient(w + load<usize>(update, Update.gradientBytes), g, bytes)
      break
    case 7:
      nesterov(w, slot, g, bytes, update, rate)
      break
    case 8:
      adamw(w, slot, slot + load<usize>(update, Update.slotBytes), g, bytes, update, rate)
      break
    case 15:
      adam(w, slot, slot + load<usize>(update, Update.slotBytes), g, bytes, update, rate, stepEpsilon(update))
      break
    default:
      rmspropMore(w, slot, g, bytes, update, rate)
  }
}

/** Of tfjs' Adam, which corrects the second average before it adds epsilon: the same as an epsilon that grows with the steps. */
function stepEpsilon(update: usize): f32 {
  return load<f32>(load<usize>(update, Update.control), Control.plainRate)
}

function rmsprop(w: usize, slot: usize, g: usize, bytes: usize, update: usize, rate: f32): void {
  const rho = f32x4.splat(load<f32>(update, Update.rhof)),
    rest = f32x4.splat(load<f32>(update, Update.restf))
  const epsilon = f32x4.splat(load<f32>(update, Update.epsilonf)),
    lr = f32x4.splat(rate)
  for (let i: usize = 0; i < bytes; i += 16) {
    const d = v128.load(g + i)
    const mean = madd(rho, v128.load(slot + i), v128.mul<f32>(rest, v128.mul<f32>(d, d)))
    v128.store(slot + i, mean)
    const step = v128.div<f32>(v128.mul<f32>(lr, d), v128.sqrt<f32>(v128.add<f32>(mean, epsilon)))
    v128.store(w + i, v128.sub<f32>(v128.load(w + i), step))
  }
}

function rmspropTf2(w: usize, slot: usize, g: usize, bytes: usize, update: usize, rate: f32): void {
  const rho = f32x4.splat(load<f32>(update, Update.rhof)),
    rest = f32x4.splat(load<f32>(update, Update.restf))
  const epsilon = f32x4.splat(load<f32>(update, Update.epsilonf)),
    lr = f32x4.splat(rate)
  for (let i: usize = 0; i < bytes; i += 16) {
    const d = v128.load(g + i)
    const mean = madd(rho, v128.load(slot + i), v128.mul<f32>(rest, v128.mul<f32>(d, d)))
    v128.store(slot + i, mean)
    const step = v128.div<f32>(v128.mul<f32>(lr, d), v128.add<f32>(v128.sqrt<f32>(mean), epsilon))
    v128.store(w + i, v128.sub<f32>(v128.load(w + i), step))
  }
}

function sgd(w: usize, g: usize, bytes: usize, rate: f32): void {
  const lr = f32x4.splat(rate)
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(w + i, v128.sub<f32>(v128.load(w + i), v128.mul<f32>(lr, v128.load(g + i))))
  }
}

function momentum(w: usize, slot: usize, g: usize, bytes: usize, update: usize, rate: f32): void {
  const keep = f32x4.splat(load<f32>(update, Update.momentumf)),
    lr = f32x4.splat(rate)
  for (let i: usize = 0; i < bytes; i += 16) {
    const velocity = v128.sub<f32>(v128.mul<f32>(keep, v128.load(slot + i)), v128.mul<f32>(lr, v128.load(g + i)))
    v128.store(slot + i, velocity)
    v128.store(w + i, v128.add<f32>(v128.load(w + i), velocity))
  }
}

function adam(w: usize, first: usize, second: usize, g: usize, bytes: usize, update: usize, rate: f32, added: f32): void {
  const rest1 = f32x4.splat(load<f32>(update, Update.rest1f)),
    rest2 = f32x4.splat(load<f32>(update, Update.restf))
  const epsilon = f32x4.splat(added),
    lr = f32x4.splat(rate)
  for (let i: usize = 0; i < bytes; i += 16) {
    const d = v128.load(g + i)
    let m = v128.load(first + i),
      v = v128.load(second + i)
    m = madd(v128.sub<f32>(d, m), rest1, m)
    v = madd(v128.sub<f32>(v128.mul<f32>(d, d), v), rest2, v)
    v128.store(first + i, m)
    v128.store(second + i, v)
    const step = v128.div<f32>(v128.mul<f32>(m, lr), v128.add<f32>(v128.sqrt<f32>(v), epsilon))
    v128.store(w + i, v128.sub<f32>(v128.load(w + i), step))
  }
}
