/*
 * The same values in another shape, in row-major order. A Flatten whose values a Dense layer reads in place is a view and costs
 * nothing (graph/views.ts): its tensors are its input's memory. Gradient: dy in the input's shape.
 */
import type { Emitter, Tensor } from './emitter.ts'
import { tensorArguments } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'
import { copyTensor } from './tensor.ts'

function relayout(emitter: Emitter, x: Tensor, y: Tensor): void {
  if (x.at.buffer === y.at.buffer) return
  emitter.call('relayout', emitter.batch, {
    ...tensorArguments('x', x),
    ...tensorArguments('y', y),
    xWidth: x.width,
    xChannels: x.channels,
    yHeight: y.height,
    yWidth: y.width,
    yChannels: y.channels,
    yColumns: y.columns,
  })
}

function forward(op: FusedOp, emitter: Emitter): void {
  relayout(emitter, inputOf(op, emitter), emitter.output(op.output))
}

function backward(op: FusedOp, emitter: Emitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  const dy = emitter.gradient(op.output)
  const dx = emitter.gradient(input)
  if (dy.at.buffer === dx.at.buffer) return
  const isView = inputOf(op, emitter).at.buffer === emitter.output(op.output).at.buffer
  if (!isView) relayout(emitter, dy, dx)
  else {
    // The same layout, but dx has a halo.
    const { height, width, columns, pixel } = dx
    copyTensor(emitter, { ...dy, height, width, columns, pixel, row: width * pixel }, dx)
  }
}

export const reshape: Op = { forward, backward }
