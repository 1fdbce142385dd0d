import * as tfl from '@tensorflow/tfjs-layers'
import { layerSeed } from './model-options.ts'

const PIXELS = 784
const UNITS = 512

/** Rows of 784 values in, dense layers of 512, 512 and `classes`, relu between, softmax at the end. */
export function perceptron(name: string, seed: number, classes: number): tfl.LayersModel {
  const dense = (place: number, units: number, activation: 'relu' | 'softmax') =>
    tfl.layers.dense({
      name: place === 0 ? 'dense' : `dense_${place}`,
      units,
      activation,
      // tfjs-layers would draw from Glorot's normal distribution; Keras draws from the uniform one.
      kernelInitializer: tfl.initializers.glorotUniform({ seed: layerSeed(seed, place) }),
      biasInitializer: 'zeros',
      ...(place === 0 ? { inputShape: [PIXELS] } : {}),
    })
  return tfl.sequential({
    name,
    layers: [dense(0, UNITS, 'relu'), dense(1, UNITS, 'relu'), dense(2, classes, 'softmax')],
  })
}
