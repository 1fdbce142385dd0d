/*
 * y[n, y, x, o] = act(sum over r, s, c of x[n, y + r, x + s, c] w[r, s, c, o] + b[o]), with zeros outside the image.
 *
 * The direct form is a matrix product whose rows are windows of the image, read in place through the halo; 3x3 kernels of
 * stride 1 with enough channels go by Winograd's F(2x2, 3x3), which needs 2.25 times fewer multiplications.
 * Gradients: dx is the convolution of dz with the mirrored kernel, dw the product of windows and dz.
 */
import type { LayerOf } from '../graph/graph.ts'
import { windowAxis } from '../graph/layer-shape.ts'
import { emitSumsUpdate, GROUPS } from './bias-gradient.ts'
import { type Emitter, type Halo, NO_HALO, type Ref, type Tensor, tensorArguments, type WeightRef } from './emitter.ts'
import { inputOf } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'
import { emitStridedGradient, isStrided } from './strided-gradient.ts'

const MIN_WINOGRAD_CHANNELS = 16
/** Smaller images leave too few windows: plain products are then as quick. 7x7 gains 40%. */
const MIN_WINOGRAD_PIXELS = 40

export interface Geometry {
  readonly layer: LayerOf<'conv2d'>
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
  readonly winograd: boolean
}

function geometryOf(op: FusedOp, height: number, width: number, channels: number): Geometry {
  const layer = op.node.layer
  if (layer.kind !== 'conv2d') throw new TypeError(`${op.node.name} is not a convolution`)
  const [kernelY, kernelX] = layer.kernelSize
  const y = windowAxis(height, kernelY, layer.strides[0], layer.dilation[0], layer.padding)
  const x = windowAxis(width, kernelX, layer.strides[1], layer.dilation[1], layer.padding)
  const small =
    [...layer.strides, ...layer.dilation].every((n) => n === 1) &&
    kernelY === 3 &&
    kernelX === 3 &&
    layer.padding === 'same'
  const winograd =
    small &&
    channels >= MIN_WINOGRAD_CHANNELS &&
    layer.filters >= MIN_WINOGRAD_CHANNELS &&
    y.size * x.size >= MIN_WINOGRAD_PIXELS
  return { layer, top: y.before, left: x.before, height: y.size, width: x.size, winograd }
}

export function geometry(op: FusedOp, emitter: Pick<Emitter, 'output'>): Geometry {
  const x = emitter.output(op.inputs[0] ?? 0)
  return geometryOf(op, x.height, x.width, x.channels)
}

/** Byte offsets of the windows' segments: one a kernel place, or one a kernel row where a single channel makes rows contiguous. */
export function segmentsOf({ layer, top, left }: Geometry, x: Tensor): { offsets: number[]; length: number } {
  const [kernelY, kernelX] = layer.kernelSize
  const [dilationY, dilationX] = layer.dilation
  const wholeRows = x.pixel === x.channels * 4 && dilationX === 1
  const offsets: number[] = []
  for (let r = 0; r < kernelY; r++) {
    for (let s = 0; s < (wholeRows ? 1 : kernelX); s++)
      offsets.push((r * dilationY - top) * x.row + (s * dilationX - left) * x.pixel)
  }
  return { offsets, length: wholeRows ? kernelX * x.columns : x.columns }
}

function inputHalo(op: FusedOp, shapes: { height: number; width: number; channels: number }): Halo {
  const g = geometryOf(op, shapes.height, shapes.width, shapes.channels)
  if (g.winograd) return winogradHalo(shapes.height, shapes.width)
  const [kernelY, kernelX] = g.layer.kernelSize
  const reach = (size: number, stride: number, kernel: number, dilation: number, before: number, input: number) =>
    Math.max(0, (size - 1) * stride + (kernel - 1) * dilation - before - (input - 1))
  return {
    top: g.top,
    left: g.left,
    bottom: reach(g.height, g.layer.strides[0], kernelY, g.layer.dilation[0], g.top, shapes.height),
    right: reach(g.width, g.layer.strides[1], kernelX, g.layer.dilation[1], g.left, shapes.width),
  }
}

function winogradHalo(height: number, width: number): Halo {
  return { top: 1, left: 1, bottom: height % 2 === 0 ? 1 : 2, right: width % 2 === 0 ? 1 : 2 }
}

/** dz wants the halo of the convolution that makes dx of it. */
function gradientHalo(op: FusedOp, shapes: { height: number; width: number; channels: number }): Halo {
  const g = geometryOf(op, shapes.height, shapes.width, shapes.channels)
  if (g.winograd) return winogradHalo(g.height, g.width)
  if (isStrided(g.layer)) return NO_HALO
  const [kernelY, kernelX] = g.layer.kernelSize
  const top = (kernelY - 1) * g.layer.dilation[0] - g.top
  const left = (kernelX - 1) * g.layer.dilation[1] - g.left
  return {
    top,
    left,
    bottom: Math.max(0, g.top + shapes.height - g.height),
    right: Math.max(0, g.left + shapes.width - g.width),
  }
}

/** The first layer of an image network: nine weights an output, kept in registers along a row. */
function isSingleChannel({ layer }: Geometry, x: Tensor): boolean {
  return x.columns === 1 && layer.kernelSize.every((size) => size === 3) && layer.dilation[1] === 1
}

interface WinogradForm {
  readonly u: Ref
  readonly uPanelBytes: number
  readonly uPositionBytes: number
}

function winogradWeights(
  op: FusedOp,
  emitter: Emitter,
  kernel: WeightRef,
  inputs: number,
  columns: number,
  mirror: boolean,
): WinogradForm {
  const rows = mirror ? columns : inputs
  const panels = Math.ceil((mirror ? inputs : columns) / 8)
  const uPanelBytes = rows * 32
  const uPositionBytes = panels * uPanelBytes + 64
  const u = emitter.scratch(`${op.node.name}.${mirror ? 'uMirror' : 'u'}`, 16 * uPositionBytes)
  const { at: w, panelBytes } = kernel
  emitter.call('winogradWeights', panels, {
    w,
    panelBytes,
    inputs,
    columns,
    u,
    uPanelBytes,
    uPositionBytes,
    mirror: mirror ? 1 : 0,
  })
  return { u, uPanelBytes, uPositionBytes }
}

function convolve(
  x: Tensor,
  y: Tensor,
  form: WinogradForm,
  emitter: Emitter,
  bias: Ref | undefined,
  relu: boolean,
): void {
  emitter.call('winogradConv', emitter.batch, {
    ...tensorArguments('x', x),
    ...tensorArguments('y', y),
    ...form,
    height: y.height,
    width: y.width,
    inputs: x.columns,
    columns: y.columns,
    bias,
    relu: relu ? 1 : 0,
  })
}

function forward(op: FusedOp, emitter: Emitter): void {
  const x = inputOf(op, emitter)
  const y = emitter.output(op.output)
  const kernel = emitter.weight(op.node, 'kernel')
  if (!kernel) return
  const g = geometry(op, emitter)
  const bias = emitter.weight(op.node, 'bias')?.at
  if (g.winograd) {
    convolve(x, y, winogradWeights(op, emitter, kernel, x.columns, y.columns, false), emitter, bias, op.relu)
    return
  }
  const { offsets, length } = segmentsOf(g, x)
  const segments = emitter.constants(`${op.node.name}.segments`, offsets)
  if (isSingleChannel(g, x)) {
    emitter.call('singleChannelConv', emitter.batch, {
      ...tensorArguments('x', x),
      xRow: x.row * g.layer.strides[0],
      xPixel: x.pixel * g.layer.strides[1],
      ...tensorArguments('y', y),
      height: g.height,
      width: g.width,
      columns: y.columns,
      segments,
      w: kernel.at,
      panelBytes: kernel.panelBytes,
      bias,
      relu: op.relu ? 1 : 0,
    })
    return
  }
  const pixels = g.height * g.width
  emitter.call('gemm', emitter.batch, {
    ...tensorArguments('x', x),
    xRow: x.row * g.layer.strides[0],
    xPixel: x.pixel * g.layer.strides[1],
    ...tensorArguments('y', y),
    height: g.height,
    width: g.width,
    rows: emitter.batch * pixels,
    segments,
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
    singleChannelGradient(op, emitter, g, kernel, bias)
    return
  }
  if (kernel.trainable) weightGradient(op, emitter, g, kernel)
  if (bias?.trainable) emitSumsUpdate(emitter, op.node.name, dz, bias)
}

function inputGradient(op: FusedOp, emitter: Emitter, g: Geometry, kernel: WeightRef, input: number): void {
  const dz = emitter.gradient(op.output)
  const dx = emitter.gradient(input)
  if (g.winograd) {
    convolve(dz, dx, winogradWeights(op, emitter, kernel, dx.columns, dz.columns, true), emitter, undefined, false)
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

function singleChannelGradient(op: FusedOp, emitter: Emitter, g: Geometry, kernel: WeightRef, bias: WeightRef): void {
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

function weightGradient(op: FusedOp, emitter: Emitter, g: Geometry, kernel: WeightRef): void {
  const x = inputOf(op, emitter)
  const dz = emitter.gradient(op.output)
  const panels = Math.ceil(dz.columns / 8)
  const { update, batch } = emitter
  const sizes = { height: g.height, width: g.width, batch, columns: dz.columns }
  if (g.winograd) {
    const positionBytes = panels * x.columns * 32 + 64
    const groupBytes = 16 * positionBytes
    const partial = emitter.scratch(`${op.node.name}.partial`, GROUPS * groupBytes)
    const form = { partial, groupBytes, positionBytes, inputs: x.columns, groups: GROUPS }
    emitter.call('winogradDw', GROUPS, { ...tensorArguments('x', x), ...tensorArguments('dz', dz), ...sizes, ...form })
    const tileInputs = 16
    const tiles = panels * Math.ceil(x.columns / tileInputs)
    emitter.call('winogradUpdate', tiles, {
      ...form,
      columns: dz.columns,
      tileInputs,
      w: kernel.at,
      panelBytes: kernel.panelBytes,
      update,
    })
    return
  }
  const { offsets, length } = segmentsOf(g, x)
  emitter.call('convDw', offsets.length * panels, {
    ...tensorArguments('x', x),
    xRow: x.row * g.layer.strides[0],
    xPixel: x.pixel * g.layer.strides[1],
    ...tensorArguments('dz', dz),
    ...sizes,
    segments: emitter.constants(`${op.node.name}.segments`, offsets),
    segmentCount: offsets.length,
    segmentLength: length,
    w: kernel.at,
    panelBytes: kernel.panelBytes,
    update,
  })
}

export const conv2d: Op = { inputHalo, gradientHalo, forward, backward }
