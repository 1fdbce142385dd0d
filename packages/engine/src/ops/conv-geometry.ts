/* Where the windows of a convolution stand, what halo of zeros they want around an image, and which form computes it. */
import type { LayerOf } from '../graph/graph.ts'
import { windowAxis } from '../graph/layer-shape.ts'
import { type Emitter, type Halo, NO_HALO, type Tensor } from './emitter.ts'
import type { FusedOp, ImageSize } from './op.ts'
import { isStrided } from './strided-gradient.ts'

const MIN_WINOGRAD_CHANNELS = 16
/** Smaller images leave too few windows: plain products are then as quick. 7x7 gains 40%. */
const MIN_WINOGRAD_PIXELS = 40

/** A convolution on images of one size: zeros before the first pixel, the size of its output. */
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

/** Of the convolution of an op in the plan. */
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

/** Zeros that its windows reach for around the image. */
export function inputHalo(op: FusedOp, shapes: ImageSize): Halo {
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
export function gradientHalo(op: FusedOp, shapes: ImageSize): Halo {
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
