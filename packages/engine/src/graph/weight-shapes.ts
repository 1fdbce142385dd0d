import type { NamedArray, Shape } from '@gicho/core'
import type { Graph, Layer } from './graph.ts'

/** The shapes of a layer's weights by role, in Keras' order. */
export function weightShapes(layer: Layer, input: Shape): Readonly<Record<string, Shape>> {
  const channels = input.at(-1) ?? 1
  switch (layer.kind) {
    case 'dense':
      return { kernel: [channels, layer.units], ...(layer.useBias ? { bias: [layer.units] } : {}) }
    case 'conv2d':
      return {
        kernel: [...layer.kernelSize, channels, layer.filters],
        ...(layer.useBias ? { bias: [layer.filters] } : {}),
      }
    case 'depthwiseConv2d':
      return {
        depthwise_kernel: [...layer.kernelSize, channels, layer.multiplier],
        ...(layer.useBias ? { bias: [channels * layer.multiplier] } : {}),
      }
    case 'layerNorm':
      return { ...(layer.scale ? { gamma: [channels] } : {}), ...(layer.center ? { beta: [channels] } : {}) }
    case 'batchNorm':
      return {
        ...(layer.scale ? { gamma: [channels] } : {}),
        ...(layer.center ? { beta: [channels] } : {}),
        moving_mean: [channels],
        moving_variance: [channels],
      }
    case 'input':
    case 'maxPool2d':
    case 'averagePool2d':
    case 'globalAveragePool2d':
    case 'globalMaxPool2d':
    case 'zeroPadding2d':
    case 'upSampling2d':
    case 'dropout':
    case 'spatialDropout2d':
    case 'gaussianNoise':
    case 'flatten':
    case 'reshape':
    case 'add':
    case 'concatenate':
    case 'activation':
      return {}
    default:
      return layer satisfies never
  }
}

/** Name and shape of every weight that a graph has. */
export function expectedWeights(graph: Graph): Pick<NamedArray, 'name' | 'shape'>[] {
  return graph.nodes.flatMap(({ layer, inputs, weights }) => {
    const shapes = weightShapes(layer, graph.nodes[inputs[0] ?? -1]?.shape ?? [])
    return Object.entries(shapes).map(([role, shape]) => ({ name: weights[role] ?? role, shape }))
  })
}
