import { inferShape, type Shape, sizeOf } from '@gicho/core'
import type { Layer } from './graph.ts'

/** Sizes of a sliding window along one axis: how many places it takes, and the zeros before the first. */
export interface WindowAxis {
  readonly size: number
  readonly before: number
}

/** Where a window of `kernel` (with dilation) stands along an axis of `size`, as Keras' "same" and "valid" say. */
export function windowAxis(
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
  padding: 'same' | 'valid',
): WindowAxis {
  const reach = (kernel - 1) * dilation + 1
  if (padding === 'valid') return { size: Math.floor((size - reach) / stride) + 1, before: 0 }
  const out = Math.ceil(size / stride)
  return { size: out, before: Math.floor(Math.max(0, (out - 1) * stride + reach - size) / 2) }
}

/** Shape of one sample after a layer that reads `input` (and, to join them, `others`). */
export function layerShape(layer: Layer, input: Shape, others: readonly Shape[] = []): Shape {
  const [height = 1, width = 1, channels = 1] = input
  switch (layer.kind) {
    case 'dense':
      return [layer.units]
    case 'conv2d':
    case 'depthwiseConv2d': {
      const [kernelY, kernelX] = layer.kernelSize
      const y = windowAxis(height, kernelY, layer.strides[0], layer.dilation[0], layer.padding)
      const x = windowAxis(width, kernelX, layer.strides[1], layer.dilation[1], layer.padding)
      return [y.size, x.size, layer.kind === 'conv2d' ? layer.filters : channels * layer.multiplier]
    }
    case 'maxPool2d':
    case 'averagePool2d': {
      const y = windowAxis(height, layer.poolSize[0], layer.strides[0], 1, layer.padding)
      const x = windowAxis(width, layer.poolSize[1], layer.strides[1], 1, layer.padding)
      return [y.size, x.size, channels]
    }
    case 'globalAveragePool2d':
    case 'globalMaxPool2d':
      return [channels]
    case 'zeroPadding2d':
      return [height + layer.rows[0] + layer.rows[1], width + layer.columns[0] + layer.columns[1], channels]
    case 'upSampling2d':
      return [height * layer.size[0], width * layer.size[1], channels]
    case 'flatten':
      return [sizeOf(input)]
    case 'reshape':
      return inferShape(layer.shape, sizeOf(input))
    case 'concatenate':
      return input.map((size, axis) =>
        axis === layer.axis ? others.reduce((total, shape) => total + (shape[axis] ?? 0), size) : size,
      )
    case 'input':
    case 'batchNorm':
    case 'layerNorm':
    case 'dropout':
    case 'spatialDropout2d':
    case 'gaussianNoise':
    case 'add':
    case 'activation':
      return input
    default:
      return layer satisfies never
  }
}
