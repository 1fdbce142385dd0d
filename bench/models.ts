import { layers, type layers as layerTypes, type Sequential, sequential } from '@tensorflow/tfjs-layers'
import type { LayerWork, LessonName } from './work.ts'

const CLASSES = 24
const zeros = { kernelInitializer: 'zeros' } as const

/** A lesson's model with named layers; its weights are written by who uses it. */
export function lessonModel(lesson: LessonName, dropout: boolean): Sequential {
  return lesson === 'perceptron' ? perceptron() : network(dropout)
}

function perceptron(): Sequential {
  return sequential({
    name: 'perceptron',
    layers: [
      layers.dense({ name: 'dense_1', units: 512, activation: 'relu', inputShape: [784], ...zeros }),
      layers.dense({ name: 'dense_2', units: 512, activation: 'relu', ...zeros }),
      layers.dense({ name: 'dense_3', units: 10, activation: 'softmax', ...zeros }),
    ],
  })
}

function network(dropout: boolean): Sequential {
  const drop = (name: string, rate: number): layerTypes.Layer[] => (dropout ? [layers.dropout({ name, rate })] : [])
  const conv = (place: number, filters: number): layerTypes.Layer =>
    layers.conv2d({ name: `conv2d_${place}`, filters, kernelSize: 3, padding: 'same', activation: 'relu', ...zeros })
  const rest = (place: number): layerTypes.Layer[] => [
    layers.batchNormalization({ name: `batch_normalization_${place}` }),
    layers.maxPooling2d({ name: `max_pooling2d_${place}`, poolSize: 2, strides: 2, padding: 'same' }),
  ]
  return sequential({
    name: 'network',
    layers: [
      layers.inputLayer({ name: 'input', inputShape: [28, 28, 1] }),
      ...[conv(1, 75), ...rest(1)],
      ...[conv(2, 50), ...drop('dropout_1', 0.2), ...rest(2)],
      ...[conv(3, 25), ...rest(3)],
      layers.flatten({ name: 'flatten' }),
      layers.dense({ name: 'dense_1', units: 512, activation: 'relu', ...zeros }),
      ...drop('dropout_2', 0.3),
      layers.dense({ name: 'dense_2', units: CLASSES, activation: 'softmax', ...zeros }),
    ],
  })
}

/** The layers that multiply: the size of the kernel, times the places where a convolution applies it. */
export function layerWork(model: Sequential): LayerWork[] {
  return model.layers.flatMap((layer) => {
    const kernel = layer.weights.find(({ originalName }) => originalName.endsWith('/kernel'))
    if (!kernel) return []
    const size = kernel.shape.reduce((product: number, n) => product * (n ?? 1), 1)
    const [, ...output] = layer.outputShape
    const places = output.slice(0, -1).reduce((product: number, n) => product * (typeof n === 'number' ? n : 1), 1)
    return [{ layer: layer.name, multiplyAdds: size * places }]
  })
}
