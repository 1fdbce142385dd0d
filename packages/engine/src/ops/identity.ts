/* y = x: what a dropout works on where the tensor before it is wanted as it is. Gradient: dx = dy. */
import type { Emitter } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'
import { copyTensor } from './tensor.ts'

function forward(op: FusedOp, emitter: Emitter): void {
  copyTensor(emitter, inputOf(op, emitter), emitter.output(op.output))
}

function backward(op: FusedOp, emitter: Emitter): void {
  const input = op.inputs[0] ?? 0
  if (!emitter.isConstant(input)) copyTensor(emitter, emitter.gradient(op.output), emitter.gradient(input))
}

export const identity: Op = { forward, backward }
