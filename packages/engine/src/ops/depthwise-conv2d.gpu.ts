/* Depthwise convolution on the GPU: see depthwise-conv2d.ts. Plain loops; its gradient is summed in groups of pixels. */
import { windowAxis } from '../graph/layer-shape.ts'
import { finishOf, type GpuEmitter, type GpuOp } from './gpu-emitter.ts'
import type { Window } from './gpu-table.ts'
import type { FusedOp } from './op.ts'
import { storedRows } from './product.gpu.ts'

const PIXELS_PER_SPLIT = 64
const MOST_SPLITS = 64

function windowOf(op: FusedOp, emitter: GpuEmitter): { readonly window: Window; readonly multiplier: number } {
  const { layer } = op.node
  if (layer.kind !== 'depthwiseConv2d') throw new TypeError(`${op.node.name} is not a depthwise convolution`)
  const { height, width } = emitter.output(op.inputs[0] ?? 0)
  const { kernelSize: kernel, strides, dilation, padding, multiplier } = layer
  const top = windowAxis(height, kernel[0], strides[0], dilation[0], padding).before
  const left = windowAxis(width, kernel[1], strides[1], dilation[1], padding).before
  return { window: { kernel, strides, dilation, top, left }, multiplier }
}

function forward(op: FusedOp, emitter: GpuEmitter): void {
  const w = emitter.weight(op.node, 'depthwise_kernel')
  const tensors = { x: emitter.output(op.inputs[0] ?? 0), y: emitter.output(op.output) }
  const bias = emitter.weight(op.node, 'bias')?.at
  if (w) emitter.call('depthwise', { ...tensors, ...windowOf(op, emitter), w, bias, finish: finishOf(op, emitter) })
}

function backward(op: FusedOp, emitter: GpuEmitter): void {
  const w = emitter.weight(op.node, 'depthwise_kernel')
  if (!w) return
  const input = op.inputs[0] ?? 0
  const dz = emitter.gradient(op.output)
  const given = windowOf(op, emitter)
  if (!emitter.isConstant(input)) emitter.call('depthwiseDx', { dz, dx: emitter.gradient(input), ...given, w })
  if (!w.trainable) return
  const bias = emitter.weight(op.node, 'bias')
  const rows = given.window.kernel[0] * given.window.kernel[1]
  const splits = Math.min(MOST_SPLITS, Math.ceil((dz.batch * dz.height * dz.width) / PIXELS_PER_SPLIT))
  const at = emitter.scratch(`${op.node.name}.partial`, splits * storedRows(rows) * dz.columns * 4)
  const partial = { at, splits }
  emitter.call('depthwiseDw', { x: emitter.output(input), dz, ...given, partial })
  const updates = { update: emitter.updateOf(w), biasUpdate: emitter.updateOf(bias) }
  emitter.call('reduceUpdate', { partial, rows, columns: dz.columns, w, bias, ...updates })
}

export const depthwiseConv2dGpu: GpuOp = { forward, backward }
