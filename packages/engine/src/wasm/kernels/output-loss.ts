/*
 * Losses besides plain categorical cross-entropy, with their gradients, a sample at a time. Kinds: 0 categorical with smoothed labels,
 * 1 binary cross-entropy on logits, 2 mean squared error, 3 mean absolute error. With one output the target is the label itself.
 */
import { Context } from './context'
import { OutputLoss } from './generated'
import { exp4, log4 } from './math'

function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0)
}

function log1(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0)
}

/** 1 where the model is right: the largest output is the label's, or the only one is on the label's side of `middle`. */
function hit(z: usize, classes: i32, label: i32, middle: f32): f32 {
  if (classes == 1) return (load<f32>(z) > middle ? 1 : 0) == label ? 1 : 0
  let place = 0
  for (let c = 1; c < classes; c++) if (load<f32>(z + ((<usize>c) << 2)) > load<f32>(z + ((<usize>place) << 2))) place = c
  return place == label ? 1 : 0
}

/** Log of the sum of e^z. */
function logSum(z: usize, classes: i32): f32 {
  let top = load<f32>(z)
  for (let c = 1; c < classes; c++) top = max<f32>(top, load<f32>(z + ((<usize>c) << 2)))
  let sum: f32 = 0
  for (let c = 0; c < classes; c++) sum += exp1(load<f32>(z + ((<usize>c) << 2)) - top)
  return top + log1(sum)
}

export function outputLoss(p: usize, begin: i32, end: i32, context: usize): void {
  const classes = load<i32>(p, OutputLoss.classes),
    columns = load<i32>(p, OutputLoss.columns),
    kind = load<i32>(p, OutputLoss.kind),
    smoothing = load<f32>(p, OutputLoss.smoothingf)
  const order = load<usize>(context, Context.order),
    weights = load<usize>(p, OutputLoss.weights),
    share: f32 = kind == 0 ? 1 : 1 / <f32>classes
  for (let n = begin; n < end; n++) {
    const z = load<usize>(p, OutputLoss.z) + n * load<usize>(p, OutputLoss.zRow)
    const dz = load<usize>(p, OutputLoss.dz) ? load<usize>(p, OutputLoss.dz) + n * load<usize>(p, OutputLoss.dzRow) : 0
    const label = <i32>load<u16>(load<usize>(p, OutputLoss.labels) + (load<u32>(order + ((<usize>n) << 2)) << 1))
    const weight: f32 = weights ? load<f32>(weights + <usize>((load<i32>(context, Context.first) + n) << 2)) : 1
    const factor: f32 = (weight * share) / <f32>load<i32>(p, OutputLoss.batch)
    const whole: f32 = kind == 0 ? logSum(z, classes) : 0
    let loss: f32 = 0
    for (let c = 0; c < classes; c++) {
      const at = (<usize>c) << 2,
        v = load<f32>(z + at)
      let target: f32 = classes == 1 ? <f32>label : c == label ? 1 : 0
      let slope: f32 = 0
      if (kind == 0) {
        target = target * (1 - smoothing) + smoothing / <f32>classes
        loss += target * (whole - v)
        slope = exp1(v - whole) - target
      } else if (kind == 1) {
        target = target * (1 - smoothing) + <f32>0.5 * smoothing
        const e = exp1(-abs<f32>(v))
        loss += max<f32>(v, 0) - v * target + log1(1 + e)
        slope = (v > 0 ? 1 / (1 + e) : e / (1 + e)) - target
      } else {
        const d = v - target
        loss += kind == 2 ? d * d : abs<f32>(d)
        slope = kind == 2 ? 2 * d : d > 0 ? 1 : d < 0 ? -1 : 0
      }
      if (dz) store<f32>(dz + at, slope * factor)
    }
    if (dz) for (let c = classes; c < columns; c++) store<f32>(dz + ((<usize>c) << 2), 0)
    const to = load<usize>(p, OutputLoss.loss) + ((<usize>n) << 3)
    store<f32>(to, weight * share * loss)
    store<f32>(to, hit(z, classes, label, kind == 1 ? 0 : 0.5), 4)
  }
}
