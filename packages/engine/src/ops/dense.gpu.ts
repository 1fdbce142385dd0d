/* y = finish(x W + b) on the GPU: see product.gpu.ts. */
import type { Tensor } from './emitter.ts'
import type { GpuEmitter, GpuOp } from './gpu-emitter.ts'
import type { Window } from './gpu-table.ts'
import type { FusedOp } from './op.ts'
import { emitProduct, emitProductGradients } from './product.gpu.ts'
import { flatTensor } from './tensor.ts'

const ONE_PLACE: Window = { kernel: [1, 1], strides: [1, 1], dilation: [1, 1], top: 0, left: 0 }

function rowsOf(op: FusedOp, emitter: GpuEmitter): Tensor {
  return flatTensor(emitter.output(op.inputs[0] ?? 0))
}

function forward(op: FusedOp, emitter: GpuEmitter): void {
  emitProduct(op, emitter, rowsOf(op, emitter), emitter.output(op.output), ONE_PLACE)
}

function backward(op: FusedOp, emitter: GpuEmitter): void {
  const input = op.inputs[0] ?? 0
  const mask = emitter.mask(input)
  const dx = emitter.isConstant(input) ? undefined : flatTensor(emitter.gradient(input))
  const x = rowsOf(op, emitter)
  const dz = emitter.gradient(op.output)
  emitProductGradients(
    op,
    emitter,
    { x, dz, dx, mask: mask && { ...mask, tensor: flatTensor(mask.tensor) } },
    ONE_PLACE,
  )
}

export const denseGpu: GpuOp = { forward, backward, masksInput: true }
