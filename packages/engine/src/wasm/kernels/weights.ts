// Small passes over weights: their mirror image for a convolution's input gradient, and the sum of partial gradients.
import { Context } from './context'
import { BiasUpdate, MirrorWeights, ReduceUpdate } from './generated'
import { updateRun } from './update'

/** out[segment mirrored][output][input], in panels, from w[segment][input][output]. */
export function mirrorWeights(p: usize, begin: i32, end: i32, context: usize): void {
  const inputs = load<i32>(p, MirrorWeights.inputs),
    columns = load<i32>(p, MirrorWeights.columns),
    count = load<i32>(p, MirrorWeights.segmentCount)
  const panelBytes = load<usize>(p, MirrorWeights.panelBytes),
    outPanelBytes = load<usize>(p, MirrorWeights.outPanelBytes)
  for (let segment = begin; segment < end; segment++) {
    const w = load<usize>(p, MirrorWeights.w) + ((<usize>(segment * inputs)) << 5)
    const out = load<usize>(p, MirrorWeights.out) + ((<usize>((count - 1 - segment) * columns)) << 5)
    for (let o = 0; o < columns; o++) {
      const from = w + <usize>(o >> 3) * panelBytes + ((<usize>(o & 7)) << 2),
        to = out + ((<usize>o) << 5)
      for (let i = 0; i < inputs; i++) {
        store<f32>(to + <usize>(i >> 3) * outPanelBytes + ((<usize>(i & 7)) << 2), load<f32>(from + ((<usize>i) << 5)))
      }
    }
  }
}

export function reduceUpdate(p: usize, begin: i32, end: i32, context: usize): void {
  const g = load<usize>(context, Context.scratch),
    partial = load<usize>(p, ReduceUpdate.partial),
    groupBytes = load<usize>(p, ReduceUpdate.groupBytes)
  const words = load<i32>(p, ReduceUpdate.words),
    tileWords = load<i32>(p, ReduceUpdate.tileWords),
    groups = load<i32>(p, ReduceUpdate.groups)
  for (let tile = begin; tile < end; tile++) {
    const first = tile * tileWords,
      count = min(tileWords, words - first)
    for (let i = 0; i < count; i += 4) {
      let at = partial + ((<usize>(first + i)) << 2)
      let sum = v128.load(at)
      for (let k = 1; k < groups; k++) {
        at += groupBytes
        sum = v128.add<f32>(sum, v128.load(at))
      }
      v128.store(g + ((<usize>i) << 2), sum)
    }
    updateRun(
      load<usize>(p, ReduceUpdate.w) + ((<usize>first) << 2),
      g,
      count >> 2,
      load<usize>(p, ReduceUpdate.update),
      load<f32>(context, Context.rate),
    )
  }
}

export function biasUpdate(p: usize, begin: i32, end: i32, context: usize): void {
  const g = load<usize>(context, Context.scratch),
    columns = load<i32>(p, BiasUpdate.columns),
    batch = load<i32>(p, BiasUpdate.batch)
  const dz = load<usize>(p, BiasUpdate.dz),
    dzRow = load<usize>(p, BiasUpdate.dzRow)
  for (let tile = begin; tile < end; tile++) {
    const first = tile << 4,
      count = min(16, columns - first)
    for (let i = 0; i < count; i += 4) {
      let at = dz + ((<usize>(first + i)) << 2),
        sum = f32x4.splat(0)
      for (let n = 0; n < batch; n++) {
        sum = v128.add<f32>(sum, v128.load(at))
        at += dzRow
      }
      v128.store(g + ((<usize>i) << 2), sum)
    }
    updateRun(
      load<usize>(p, BiasUpdate.w) + ((<usize>first) << 2),
      g,
      count >> 2,
      load<usize>(p, BiasUpdate.update),
      load<f32>(context, Context.rate),
    )
  }
}
