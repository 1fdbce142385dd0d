/* A 3x3 convolution of a single channel, the first layer of an image network: nine weights an output, kept in registers along a row. */
import { GROUPS } from './bias-gradient.ts'
import { type Geometry, segmentsOf } from './conv-geometry.ts'
import { type Emitter, type Tensor, tensorArguments, type WeightRef } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp } from './op.ts'

/** True where this form computes a convolution of x. */
export function isSingleChannel({ layer }: Geometry, x: Tensor): boolean {
  return x.columns === 1 && layer.kernelSize.every((size) => size === 3) && layer.dilation[1] === 1
}

/** y = act(x convolved with the kernel + bias). */
export function emitSingleChannel(op: FusedOp, emitter: Emitter, g: Geometry, kernel: WeightRef): void {
  const x = inputOf(op, emitter)
  const y = emitter.output(op.output)
  emitter.call('singleChannelConv', emitter.batch, {
    ...tensorArguments('x', x),
    xRow: x.row * g.layer.strides[0],
    xPixel: x.pixel * g.layer.strides[1],
    ...tensorArguments('y', y),
    height: g.height,
    width: g.width,
    columns: y.columns,
    segments: emitter.constants(`${op.node.name}.segments`, segmentsOf(g, x).offsets),
    w: kernel.at,
    panelBytes: kernel.panelBytes,
    bias: emitter.weight(op.node, 'bias')?.at,
    relu: op.relu ? 1 : 0,
  })
}

/** Kernel and bias -= update(their gradients), which one pass over x and dz gives. */
export function emitSingleChannelUpdate(
  op: FusedOp,
  emitter: Emitter,
  g: Geometry,
  kernel: WeightRef,
  bias: WeightRef,
): void {
  const x = inputOf(op, emitter)
  const dz = emitter.gradient(op.output)
  const kernelBytes = Math.ceil(dz.columns / 8) * kernel.panelBytes
  const groupBytes = kernelBytes + dz.columns * 4
  const partial = emitter.scratch(`${op.node.name}.partial`, GROUPS * groupBytes)
  emitter.call('singleChannelDw', GROUPS, {
    ...tensorArguments('x', x),
    xRow: x.row * g.layer.strides[0],
    xPixel: x.pixel * g.layer.strides[1],
    ...tensorArguments('dz', dz),
    height: g.height,
    width: g.width,
    batch: emitter.batch,
    columns: dz.columns,
    segments: emitter.constants(`${op.node.name}.segments`, segmentsOf(g, x).offsets),
    panelBytes: kernel.panelBytes,
    groups: GROUPS,
    partial,
    groupBytes,
    biasOffset: kernelBytes,
  })
  const { update } = emitter
  const sum = { groupBytes, groups: GROUPS, update }
  const words = kernelBytes / 4
  emitter.call('reduceUpdate', 1, { ...sum, partial, words, tileWords: words, w: kernel.at })
  const biasSums = { buffer: partial.buffer, offset: partial.offset + kernelBytes }
  emitter.call('reduceUpdate', 1, { ...sum, partial: biasSums, words: dz.columns, tileWords: dz.columns, w: bias.at })
}
