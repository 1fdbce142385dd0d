/*
 * y = the largest value of each window; a window that hangs over the edge sees only what is inside (Keras pads with -infinity).
 * Gradient: dy goes to the first largest value of its window, in row order.
 */
import { windowAxis } from '../graph/layer-shape.ts'
import { type Emitter, tensorArguments } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'

function windows(op: FusedOp, emitter: Emitter) {
  const { layer } = op.node
  if (layer.kind !== 'maxPool2d') throw new TypeError(`${op.node.name} is not a max pool`)
  const x = inputOf(op, emitter)
  const y = emitter.output(op.output)
  const [poolY, poolX] = layer.poolSize
  const [strideY, strideX] = layer.strides
  const top = windowAxis(x.height, poolY, strideY, 1, layer.padding).before
  const left = windowAxis(x.width, poolX, strideX, 1, layer.padding).before
  const winner = emitter.scratch(`${op.node.name}.winner`, emitter.batch * y.height * y.width * y.columns)
  const sizes = { height: x.height, width: x.width, columns: x.columns, outHeight: y.height, outWidth: y.width }
  return { x, y, common: { ...sizes, poolX, poolY, strideX, strideY, top, left, winner } }
}

function forward(op: FusedOp, emitter: Emitter): void {
  const { x, y, common } = windows(op, emitter)
  emitter.call('maxPool', emitter.batch, { ...tensorArguments('x', x), ...tensorArguments('y', y), ...common })
}

function backward(op: FusedOp, emitter: Emitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  const { common } = windows(op, emitter)
  const dy = emitter.gradient(op.output)
  const dx = emitter.gradient(input)
  emitter.call('maxPoolGrad', emitter.batch, { ...tensorArguments('dy', dy), ...tensorArguments('dx', dx), ...common })
}

export const maxPool: Op = { forward, backward }
