/*
 * Add: y = sum of the inputs; dx = dy for each. Concatenate: y = the inputs side by side along one axis; each dx is its part of dy.
 * Source: keras/src/layers/merging.
 */
import type { Emitter, Tensor } from './emitter.ts'
import type { FusedOp, Op } from './op.ts'
import { copyTensor, moved } from './tensor.ts'

function addForward(op: FusedOp, emitter: Emitter): void {
  const y = emitter.output(op.output)
  op.inputs.forEach((input, i) => {
    copyTensor(emitter, emitter.output(input), y, { add: i > 0 })
  })
}

function addBackward(op: FusedOp, emitter: Emitter): void {
  const dy = emitter.gradient(op.output)
  for (const input of op.inputs) if (!emitter.isConstant(input)) copyTensor(emitter, dy, emitter.gradient(input))
}

export const add: Op = { forward: addForward, backward: addBackward }

/** Where each input lies in the joined tensor. */
function parts(op: FusedOp, emitter: Emitter, joined: Tensor): { input: number; part: Tensor; last: boolean }[] {
  const { layer, shape } = op.node
  if (layer.kind !== 'concatenate') throw new TypeError(`${op.node.name} joins nothing`)
  // Samples of fewer axes are images of one row, or one pixel.
  const axis = layer.axis + 3 - shape.length
  let at = 0
  return op.inputs.map((input, i) => {
    const { height, width, channels } = emitter.output(input)
    const places = [0, 0, 0]
    places[axis] = at
    at += [height, width, channels][axis] ?? 0
    const [row = 0, column = 0, channel = 0] = places
    return { input, part: moved(joined, row, column, channel), last: axis !== 2 || i === op.inputs.length - 1 }
  })
}

function concatenateForward(op: FusedOp, emitter: Emitter): void {
  const y = emitter.output(op.output)
  for (const { input, part, last } of parts(op, emitter, y)) {
    const x = emitter.output(input)
    copyTensor(emitter, x, { ...part, height: x.height, width: x.width }, { zeros: last ? y.columns - y.channels : 0 })
  }
}

function concatenateBackward(op: FusedOp, emitter: Emitter): void {
  const dy = emitter.gradient(op.output)
  for (const { input, part } of parts(op, emitter, dy)) {
    if (emitter.isConstant(input)) continue
    const dx = emitter.gradient(input)
    copyTensor(emitter, part, dx, { zeros: dx.columns - dx.channels })
  }
}

export const concatenate: Op = { forward: concatenateForward, backward: concatenateBackward }
