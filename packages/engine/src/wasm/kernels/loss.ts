// Softmax and categorical cross-entropy as one operation on the logits: the loss is unbounded and the gradient exact.
import { Context } from './context'
import { Control, CountLoss, Gather, Softmax, SoftmaxLoss } from './generated'
import { exp4, log4 } from './math'

/** Largest of the first `classes` values of a row: its place, in the same sense as argmax (the first of equals). */
function largest(z: usize, classes: i32): i32 {
  let place = 0
  let best = load<f32>(z)
  for (let i = 1; i < classes; i++) {
    const v = load<f32>(z + ((<usize>i) << 2))
    if (v > best) {
      best = v
      place = i
    }
  }
  return place
}

/** e^(z - max) of a row into `to`, zeros in the padding; gives the sum. */
function exponentials(z: usize, to: usize, classes: i32, top: f32): f32 {
  const shift = f32x4.splat(top)
  let sum: f32 = 0
  for (let i = 0; i < classes; i += 4) {
    const at = (<usize>i) << 2
    v128.store(to + at, exp4(v128.sub<f32>(v128.load(z + at), shift)))
    for (let j = i; j < i + 4; j++) {
      if (j < classes) sum += load<f32>(to + ((<usize>j) << 2))
      else store<f32>(to + ((<usize>j) << 2), 0)
    }
  }
  return sum
}

function scaleRow(row: usize, classes: i32, factor: f32): void {
  for (let i = 0; i < classes; i += 4) {
    const at = row + ((<usize>i) << 2)
    v128.store(at, v128.mul<f32>(v128.load(at), f32x4.splat(factor)))
  }
}

// loss: [batch][2] float32, each sample's loss and 1 for a hit.
export function softmaxLoss(p: usize, begin: i32, end: i32, context: usize): void {
  const classes = load<i32>(p, SoftmaxLoss.classes),
    batch = <f32>load<i32>(p, SoftmaxLoss.batch)
  const order = load<usize>(context, Context.order),
    weights = load<usize>(p, SoftmaxLoss.weights)
  for (let n = begin; n < end; n++) {
    const z = load<usize>(p, SoftmaxLoss.z) + n * load<usize>(p, SoftmaxLoss.zRow)
    const label = <i32>load<u16>(load<usize>(p, SoftmaxLoss.labels) + (load<u32>(order + ((<usize>n) << 2)) << 1))
    const weight: f32 = weights ? load<f32>(weights + <usize>((load<i32>(context, Context.first) + n) << 2)) : 1
    const winner = largest(z, classes)
    const top = load<f32>(z + ((<usize>winner) << 2))
    const scratch = load<usize>(p, SoftmaxLoss.dz)
      ? load<usize>(p, SoftmaxLoss.dz) + n * load<usize>(p, SoftmaxLoss.dzRow)
      : load<usize>(context, Context.scratch)
    const own = load<f32>(z + ((<usize>label) << 2))
    const sum = exponentials(z, scratch, classes, top)
    const at = load<usize>(p, SoftmaxLoss.loss) + ((<usize>n) << 3)
    store<f32>(at, weight * (f32x4.extract_lane(log4(f32x4.splat(sum)), 0) - (own - top)))
    store<f32>(at, winner == label ? 1 : 0, 4)
    if (load<usize>(p, SoftmaxLoss.dz)) {
      scaleRow(scratch, classes, weight / (sum * batch))
      const mine = scratch + ((<usize>label) << 2)
      store<f32>(mine, load<f32>(mine) - weight / batch)
    }
  }
}

export function softmax(p: usize, begin: i32, end: i32, context: usize): void {
  const classes = load<i32>(p, Softmax.classes)
  for (let n = begin; n < end; n++) {
    const z = load<usize>(p, Softmax.z) + n * load<usize>(p, Softmax.zRow),
      out = load<usize>(p, Softmax.p) + n * load<usize>(p, Softmax.pRow)
    const sum = exponentials(z, out, classes, load<f32>(z + ((<usize>largest(z, classes)) << 2)))
    scaleRow(out, classes, 1 / sum)
  }
}

export function countLoss(p: usize, begin: i32, end: i32, context: usize): void {
  const control = load<usize>(context, Context.control)
  let sum = load<f64>(control, Control.loss),
    hits = load<f64>(control, Control.correct)
  for (let n = 0; n < load<i32>(p, CountLoss.batch); n++) {
    const at = load<usize>(p, CountLoss.loss) + ((<usize>n) << 3)
    sum += <f64>load<f32>(at)
    hits += <f64>load<f32>(at, 4)
  }
  store<f64>(control, sum, Control.loss)
  store<f64>(control, hits, Control.correct)
}

/** Bytes of the images that this step's order names, through the 256-entry table, into the input tensor. */
export function gather(p: usize, begin: i32, end: i32, context: usize): void {
  const height = load<i32>(p, Gather.height),
    width = load<i32>(p, Gather.width),
    channels = load<i32>(p, Gather.channels)
  const table = load<usize>(p, Gather.table),
    order = load<usize>(context, Context.order)
  const size = height * width * channels,
    columns = load<i32>(p, Gather.yPixel) >> 2
  for (let n = begin; n < end; n++) {
    let from = load<usize>(p, Gather.images) + load<u32>(order + ((<usize>n) << 2)) * size
    for (let y = 0; y < height; y++) {
      let to = load<usize>(p, Gather.y) + n * load<usize>(p, Gather.yImage) + y * load<usize>(p, Gather.yRow)
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++)
          store<f32>(to + ((<usize>c) << 2), load<f32>(table + ((<usize>load<u8>(from++)) << 2)))
        for (let c = channels; c < columns; c++) store<f32>(to + ((<usize>c) << 2), 0)
        to += load<usize>(p, Gather.yPixel)
      }
    }
  }
}
