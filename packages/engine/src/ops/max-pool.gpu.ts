/* Max pooling on the GPU; the winner of each window is kept as its place, in a tensor like y. */
import { windowAxis } from '../graph/layer-shape.ts'
import type { Tensor } from './emitter.ts'
import { finishOf, type GpuEmitter, type GpuOp } from './gpu-emitter.ts'
import type { Window } from './gpu-table.ts'
import type { FusedOp } from './op.ts'

/** The winners of the windows that gave `y`; they lie as its values do, for small whole numbers are exact in either form. */
export function winnerOf(op: FusedOp, emitter: GpuEmitter, y: Tensor): Tensor {
  return { ...y, at: emitter.scratch(`${op.node.name}.winner`, y.batch * y.image, y.at.buffer.half) }
}

function windowOf(op: FusedOp, emitter: GpuEmitter): Window {
  const { layer } = op.node
  if (layer.kind !== 'maxPool2d') throw new TypeError(`${op.node.name} is not a max pool`)
  const { height, width } = emitter.output(op.inputs[0] ?? 0)
  const top = windowAxis(height, layer.poolSize[0], layer.strides[0], 1, layer.padding).before
  const left = windowAxis(width, layer.poolSize[1], layer.strides[1], 1, layer.padding).before
  return { kernel: layer.poolSize, strides: layer.strides, dilation: [1, 1], top, left }
}

function forward(op: FusedOp, emitter: GpuEmitter): void {
  const x = emitter.output(op.inputs[0] ?? 0)
  const y = emitter.output(op.output)
  const winner = emitter.mode === 'train' ? winnerOf(op, emitter, y) : undefined
  emitter.call('maxPool', { x, y, window: windowOf(op, emitter), winner, finish: finishOf(op, emitter) })
}

function backward(op: FusedOp, emitter: GpuEmitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  const dy = emitter.gradient(op.output)
  const winner = winnerOf(op, emitter, emitter.output(op.output))
  const dx = emitter.gradient(input)
  emitter.call('maxPoolGrad', { dy, dx, window: windowOf(op, emitter), winner, mask: emitter.mask(input) })
}

export const maxPoolGpu: GpuOp = { forward, backward, masksInput: true }
