/* y = x, for a relu or dropout that could be fused with nothing: the plan applies it to the copy, whose source stays as it was. */
import { type Emitter, type Tensor, tensorArguments } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'

/** Copies an image tensor into another layout of the same sizes. */
export function emitCopy(emitter: Emitter, x: Tensor, y: Tensor): void {
  const { height, width, columns } = y
  emitter.call('copy', emitter.batch, {
    ...tensorArguments('x', x),
    ...tensorArguments('y', y),
    height,
    width,
    columns,
  })
}

function forward(op: FusedOp, emitter: Emitter): void {
  emitCopy(emitter, inputOf(op, emitter), emitter.output(op.output))
}

function backward(op: FusedOp, emitter: Emitter): void {
  const input = op.inputs[0] ?? 0
  if (!emitter.isConstant(input)) emitCopy(emitter, emitter.gradient(op.output), emitter.gradient(input))
}

export const pass: Op = { forward, backward }
