import type { Emitter, Tensor } from './emitter.ts'
import type { FusedOp } from './op.ts'
import { flatTensor } from './tensor.ts'

/** An op's only input. */
export function inputOf(op: FusedOp, emitter: Emitter): Tensor {
  return emitter.output(op.inputs[0] ?? 0)
}

/** An op's only input as one row of values a sample. */
export function denseInput(op: FusedOp, emitter: Emitter): Tensor {
  return flatTensor(inputOf(op, emitter))
}
