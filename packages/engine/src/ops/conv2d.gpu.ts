/* A convolution on the GPU: see product.gpu.ts. */
import { geometry } from './conv-geometry.ts'
import type { GpuEmitter, GpuOp } from './gpu-emitter.ts'
import type { Window } from './gpu-table.ts'
import type { FusedOp } from './op.ts'
import { emitProduct, emitProductGradients } from './product.gpu.ts'

function windowOf(op: FusedOp, emitter: GpuEmitter): Window {
  const { layer, top, left } = geometry(op, emitter)
  return { kernel: layer.kernelSize, strides: layer.strides, dilation: layer.dilation, top, left }
}

function forward(op: FusedOp, emitter: GpuEmitter): void {
  emitProduct(op, emitter, emitter.output(op.inputs[0] ?? 0), emitter.output(op.output), windowOf(op, emitter))
}

function backward(op: FusedOp, emitter: GpuEmitter): void {
  const input = op.inputs[0] ?? 0
  const dx = emitter.isConstant(input) ? undefined : emitter.gradient(input)
  const tensors = { x: emitter.output(input), dz: emitter.gradient(op.output), dx, mask: emitter.mask(input) }
  emitProductGradients(op, emitter, tensors, windowOf(op, emitter))
}

export const conv2dGpu: GpuOp = { forward, backward, masksInput: true }
