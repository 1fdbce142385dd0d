/*
 * y[n, i, j, c m + k] = b + sum over r, s of x[n, i + r, j + s, c] w[r, s, c, k], with zeros outside the image: each channel by itself.
 * Gradients: dx the same transposed, dw the sum of x dz over windows, in groups of images so that threads don't change the sums.
 * Source: F. Chollet, "Xception", 2017. SeparableConv2D is this and a 1x1 convolution.
 */
import { windowAxis } from '../graph/layer-shape.ts'
import { emitReduceUpdate, emitSumsUpdate, GROUPS } from './bias-gradient.ts'
import { type Emitter, tensorArguments } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'

function windows(op: FusedOp, emitter: Emitter) {
  const { layer } = op.node
  if (layer.kind !== 'depthwiseConv2d') throw new TypeError(`${op.node.name} is not a depthwise convolution`)
  const { height, width } = inputOf(op, emitter)
  const y = emitter.output(op.output)
  const [kernelY, kernelX] = layer.kernelSize
  const [strideY, strideX] = layer.strides
  const [dilationY, dilationX] = layer.dilation
  return {
    height,
    width,
    outHeight: y.height,
    outWidth: y.width,
    columns: y.columns,
    multiplier: layer.multiplier,
    kernelY,
    kernelX,
    strideY,
    strideX,
    dilationY,
    dilationX,
    top: windowAxis(height, kernelY, strideY, dilationY, layer.padding).before,
    left: windowAxis(width, kernelX, strideX, dilationX, layer.padding).before,
  }
}

function forward(op: FusedOp, emitter: Emitter): void {
  const kernel = emitter.weight(op.node, 'depthwise_kernel')
  if (!kernel) return
  emitter.call('depthwise', emitter.batch, {
    ...tensorArguments('x', inputOf(op, emitter)),
    ...tensorArguments('y', emitter.output(op.output)),
    ...windows(op, emitter),
    w: kernel.at,
    bias: emitter.weight(op.node, 'bias')?.at,
  })
}

function backward(op: FusedOp, emitter: Emitter): void {
  const kernel = emitter.weight(op.node, 'depthwise_kernel')
  if (!kernel) return
  const input = op.inputs[0] ?? 0
  const dz = emitter.gradient(op.output)
  const sizes = windows(op, emitter)
  if (!emitter.isConstant(input)) {
    const dx = emitter.gradient(input)
    const tensors = { ...tensorArguments('dz', dz), ...tensorArguments('dx', dx) }
    emitter.call('depthwiseDx', emitter.batch, { ...tensors, ...sizes, dxColumns: dx.columns, w: kernel.at })
  }
  if (kernel.trainable) {
    const words = sizes.kernelY * sizes.kernelX * sizes.columns
    const partial = emitter.scratch(`${op.node.name}.partial`, GROUPS * words * 4)
    emitter.call('depthwiseDw', GROUPS, {
      ...tensorArguments('x', inputOf(op, emitter)),
      ...tensorArguments('dz', dz),
      ...sizes,
      batch: emitter.batch,
      groups: GROUPS,
      partial,
      groupBytes: words * 4,
    })
    emitReduceUpdate(emitter, partial, words * 4, words, kernel)
  }
  const bias = emitter.weight(op.node, 'bias')
  if (bias?.trainable) emitSumsUpdate(emitter, op.node.name, dz, bias)
}

export const depthwiseConv2d: Op = { forward, backward }
