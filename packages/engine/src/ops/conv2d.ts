/*
 * y[n, y, x, o] = act(sum over r, s, c of x[n, y + r, x + s, c] w[r, s, c, o] + b[o]), with zeros outside the image.
 *
 * The direct form is a matrix product whose rows are windows of the image, read in place through the halo; 3x3 kernels of
 * stride 1 with enough channels go by Winograd's algorithm, those of a single channel have a form of their own.
 * Gradients: dx is the convolution of dz with the mirrored kernel, dw the product of windows and dz.
 */
import { emitSumsUpdate } from './bias-gradient.ts'
import { type Geometry, geometry, gradientHalo, inputHalo, segmentsOf } from './conv-geometry.ts'
import { type Emitter, tensorArguments, type WeightRef } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'
import { emitSingleChannel, emitSingleChannelUpdate, isSingleChannel } from './single-channel-conv.ts'
import { emitStridedGradient, isStrided } from './strided-gradient.ts'
import { emitWinograd, emitWinogradUpdate, winogradWeights } from './winograd.ts'

function forward(op: FusedOp, emitter: Emitter): void {
  const x = inputOf(op, emitter)
  const y = emitter.output(op.output)
  const kernel = emitter.weight(op.node, 'kernel')
  if (!kernel) return
  const g = geometry(op, emitter)
  const bias = emitter.weight(op.node, 'bias')?.at
  if (g.winograd) {
    emitWinograd(x, y, winogradWeights(op, emitter, kernel, x.columns, y.columns, false), emitter, bias, op.relu)
    return
  }
  if (isSingleChannel(g, x)) {
    emitSingleChannel(op, emitter, g, kernel)
    return
  }
  const { offsets, length } = segmentsOf(g, x)
  const pixels = g.height * g.width
  emitter.call('gemm', emitter.batch, {
    ...tensorArguments('x', x),
    xRow: x.row * g.layer.strides[0],
    xPixel: x.pixel * g.layer.strides[1],
    ...tensorArguments('y', y),
    height: g.height,
    width: g.width,
    rows: emitter.batch * pixels,
    segments: emitter.constants(`${op.node.name}.segments`, offsets),
    segmentCount: offsets.length,
    segmentLength: length,
    w: kernel.at,
    panelBytes: kernel.panelBytes,
    columns: y.columns,
    bias,
    relu: op.relu ? 1 : 0,
    tileRows: pixels,
    tilePanels: Math.ceil(y.columns / 8),
  })
}

function backward(op: FusedOp, emitter: Emitter): void {
  const kernel = emitter.weight(op.node, 'kernel')
  if (!kernel) return
  const g = geometry(op, emitter)
  const input = op.inputs[0] ?? 0
  if (!emitter.isConstant(input)) inputGradient(op, emitter, g, kernel, input)
  const dz = emitter.gradient(op.output)
  const bias = emitter.weight(op.node, 'bias')
  if (kernel.trainable && bias?.trainable && isSingleChannel(g, inputOf(op, emitter))) {
    emitSingleChannelUpdate(op, emitter, g, kernel, bias)
    return
  }
  if (kernel.trainable) weightGradient(op, emitter, g, kernel)
  if (bias?.trainable) emitSumsUpdate(emitter, op.node.name, dz, bias)
}

function inputGradient(op: FusedOp, emitter: Emitter, g: Geometry, kernel: WeightRef, input: number): void {
  const dz = emitter.gradient(op.output)
  const dx = emitter.gradient(input)
  if (g.winograd) {
    emitWinograd(dz, dx, winogradWeights(op, emitter, kernel, dx.columns, dz.columns, true), emitter, undefined, false)
    return
  }
  if (isStrided(g.layer)) {
    emitStridedGradient(emitter, g, kernel, dz, dx)
    return
  }
  const [kernelY, kernelX] = g.layer.kernelSize
  const [dilationY, dilationX] = g.layer.dilation
  const outPanelBytes = kernelY * kernelX * dz.columns * 32
  const mirrored = emitter.scratch(`${op.node.name}.mirrored`, Math.ceil(dx.columns / 8) * outPanelBytes)
  emitter.call('mirrorWeights', kernelY * kernelX, {
    w: kernel.at,
    panelBytes: kernel.panelBytes,
    segmentCount: kernelY * kernelX,
    inputs: dx.columns,
    columns: dz.columns,
    out: mirrored,
    outPanelBytes,
  })
  const offsets: number[] = []
  for (let r = 0; r < kernelY; r++) {
    for (let s = 0; s < kernelX; s++) {
      offsets.push(
        (r * dilationY + g.top - (kernelY - 1) * dilationY) * dz.row +
          (s * dilationX + g.left - (kernelX - 1) * dilationX) * dz.pixel,
      )
    }
  }
  const pixels = dx.height * dx.width
  emitter.call('gemm', emitter.batch, {
    ...tensorArguments('x', dz),
    ...tensorArguments('y', dx),
    height: dx.height,
    width: dx.width,
    rows: emitter.batch * pixels,
    segments: emitter.constants(`${op.node.name}.mirroredSegments`, offsets),
    segmentCount: offsets.length,
    segmentLength: dz.columns,
    w: mirrored,
    panelBytes: outPanelBytes,
    columns: dx.columns,
    bias: undefined,
    relu: 0,
    tileRows: pixels,
    tilePanels: Math.ceil(dx.columns / 8),
  })
}

function weightGradient(op: FusedOp, emitter: Emitter, g: Geometry, kernel: WeightRef): void {
  const x = inputOf(op, emitter)
  const dz = emitter.gradient(op.output)
  if (g.winograd) {
    emitWinogradUpdate(op, emitter, x, dz, kernel)
    return
  }
  const { offsets, length } = segmentsOf(g, x)
  emitter.call('convDw', offsets.length * Math.ceil(dz.columns / 8), {
    ...tensorArguments('x', x),
    xRow: x.row * g.layer.strides[0],
    xPixel: x.pixel * g.layer.strides[1],
    ...tensorArguments('dz', dz),
    height: g.height,
    width: g.width,
    batch: emitter.batch,
    columns: dz.columns,
    segments: emitter.constants(`${op.node.name}.segments`, offsets),
    segmentCount: offsets.length,
    segmentLength: length,
    w: kernel.at,
    panelBytes: kernel.panelBytes,
    update: emitter.update,
  })
}

export const conv2d: Op = { inputHalo, gradientHalo, forward, backward }
