/* Average pools, and the global ones, on the GPU. */
import { windowAxis } from '../graph/layer-shape.ts'
import { finishOf, type GpuEmitter, type GpuOp, isPlain } from './gpu-emitter.ts'
import type { Window } from './gpu-table.ts'
import type { FusedOp } from './op.ts'

function windowOf(op: FusedOp, emitter: GpuEmitter): Window {
  const { layer } = op.node
  const { height, width } = emitter.output(op.inputs[0] ?? 0)
  if (layer.kind !== 'averagePool2d')
    return { kernel: [height, width], strides: [1, 1], dilation: [1, 1], top: 0, left: 0 }
  const top = windowAxis(height, layer.poolSize[0], layer.strides[0], 1, layer.padding).before
  const left = windowAxis(width, layer.poolSize[1], layer.strides[1], 1, layer.padding).before
  return { kernel: layer.poolSize, strides: layer.strides, dilation: [1, 1], top, left }
}

function forward(op: FusedOp, emitter: GpuEmitter): void {
  const tensors = { x: emitter.output(op.inputs[0] ?? 0), y: emitter.output(op.output) }
  emitter.call('averagePool', { ...tensors, window: windowOf(op, emitter), finish: finishOf(op, emitter) })
}

function backward(op: FusedOp, emitter: GpuEmitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  const tensors = { dy: emitter.gradient(op.output), dx: emitter.gradient(input) }
  emitter.call('averagePoolGrad', { ...tensors, window: windowOf(op, emitter) })
}

export const averagePoolGpu: GpuOp = { forward, backward }

function maxForward(op: FusedOp, emitter: GpuEmitter): void {
  const y = emitter.output(op.output)
  emitter.call('globalMax', { x: emitter.output(op.inputs[0] ?? 0), y })
  // Its gradient reads its own output, so fuse.ts puts nothing behind it.
  if (!isPlain(finishOf(op, emitter))) throw new TypeError(`${op.node.name} keeps its output`)
}

function maxBackward(op: FusedOp, emitter: GpuEmitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  const read = { x: emitter.output(input), y: emitter.output(op.output), dy: emitter.gradient(op.output) }
  emitter.call('globalMaxGrad', { ...read, dx: emitter.gradient(input) })
}

export const globalMaxPoolGpu: GpuOp = { forward: maxForward, backward: maxBackward }
