import type { Shape } from '@gicho/core'
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

/** Shape of one sample after a layer. */
export function layerShape(layer: Layer, input: Shape): Shape {
  const [height = 1, width = 1, channels = 1] = input
  switch (layer.kind) {
    case 'dense':
      return [layer.units]
    case 'conv2d': {
      const [kernelY, kernelX] = layer.kernelSize
      const y = windowAxis(height, kernelY, layer.strides[0], layer.dilation[0], layer.padding)
      const x = windowAxis(width, kernelX, layer.strides[1], layer.dilation[1], layer.padding)
      return [y.size, x.size, layer.filters]
    }
    case 'maxPool2d': {
      const y = windowAxis(height, layer.poolSize[0], layer.strides[0], 1, layer.padding)
      const x = windowAxis(width, layer.poolSize[1], layer.strides[1], 1, layer.padding)
      return [y.size, x.size, channels]
    }
    case 'flatten':
      return [input.reduce((product, size) => product * size, 1)]
    case 'input':
    case 'batchNorm':
    case 'dropout':
    case 'activation':
      return input
    default:
      return layer satisfies never
  }
}
