import { layers } from '@tensorflow/tfjs-layers'
import type { Layer } from './wasm-samples.ts'

/** The layers of a lesson's network behind its input. Lesson 4's is lesson 3's. */
export function lessonLayers(number: 1 | 3 | 4): Layer[] {
  if (number === 1) {
    const hidden = (index: number): Layer => layers.dense({ units: 512, activation: 'relu', name: `dense_${index}` })
    return [hidden(1), hidden(2), layers.dense({ units: 10, activation: 'softmax', name: 'dense_3' })]
  }
  const block = (filters: number, index: number, drop: readonly Layer[] = []): Layer[] => [
    layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', name: `conv2d_${index}` }),
    ...drop,
    layers.batchNormalization({ name: `norm_${index}` }),
    layers.maxPooling2d({ poolSize: 2, strides: 2, padding: 'same', name: `pool_${index}` }),
  ]
  return [
    ...block(75, 1),
    ...block(50, 2, [layers.dropout({ rate: 0.2, name: 'dropout_1' })]),
    ...block(25, 3),
    layers.flatten({ name: 'flatten' }),
    layers.dense({ units: 512, activation: 'relu', name: 'dense_1' }),
    layers.dropout({ rate: 0.3, name: 'dropout_2' }),
    layers.dense({ units: 24, activation: 'softmax', name: 'dense_2' }),
  ]
}
