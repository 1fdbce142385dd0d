/*
 * y = mean of each window; places outside the image don't count (Keras' "same"). GlobalAveragePooling is one window over the image.
 * Gradient: each place of a window gets dy / places. GlobalMaxPooling: y = largest value of each channel; dy goes to the places
 * that hold it, in equal parts, as TensorFlow's reduce_max does it.
 */
import { windowAxis } from '../graph/layer-shape.ts'
import { type Emitter, tensorArguments } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'

function windows(op: FusedOp, emitter: Emitter) {
  const { layer } = op.node
  const { height, width, columns } = inputOf(op, emitter)
  const y = emitter.output(op.output)
  if (layer.kind !== 'averagePool2d')
    return {
      height,
      width,
      columns,
      outHeight: 1,
      outWidth: 1,
      poolY: height,
      poolX: width,
      strideY: 1,
      strideX: 1,
      top: 0,
      left: 0,
    }
  const [poolY, poolX] = layer.poolSize
  const [strideY, strideX] = layer.strides
  const top = windowAxis(height, poolY, strideY, 1, layer.padding).before
  const left = windowAxis(width, poolX, strideX, 1, layer.padding).before
  return { height, width, columns, outHeight: y.height, outWidth: y.width, poolY, poolX, strideY, strideX, top, left }
}

function forward(op: FusedOp, emitter: Emitter): void {
  const tensors = { ...tensorArguments('x', inputOf(op, emitter)), ...tensorArguments('y', emitter.output(op.output)) }
  emitter.call('averagePool', emitter.batch, { ...tensors, ...windows(op, emitter) })
}

function backward(op: FusedOp, emitter: Emitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  const tensors = {
    ...tensorArguments('dy', emitter.gradient(op.output)),
    ...tensorArguments('dx', emitter.gradient(input)),
  }
  emitter.call('averagePoolGrad', emitter.batch, { ...tensors, ...windows(op, emitter) })
}

export const averagePool: Op = { forward, backward }

function maxForward(op: FusedOp, emitter: Emitter): void {
  const x = inputOf(op, emitter)
  const y = emitter.output(op.output)
  const { height, width, columns } = x
  const sizes = { y: y.at, yImage: y.image, height, width, columns }
  emitter.call('globalMax', emitter.batch, { ...tensorArguments('x', x), ...sizes })
}

function maxBackward(op: FusedOp, emitter: Emitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  const x = inputOf(op, emitter)
  const y = emitter.output(op.output)
  const dy = emitter.gradient(op.output)
  const { height, width, columns } = x
  emitter.call('globalMaxGrad', emitter.batch, {
    ...tensorArguments('x', x),
    y: y.at,
    yImage: y.image,
    dy: dy.at,
    dyImage: dy.image,
    ...tensorArguments('dx', emitter.gradient(input)),
    height,
    width,
    columns,
  })
}

export const globalMaxPool: Op = { forward: maxForward, backward: maxBackward }
