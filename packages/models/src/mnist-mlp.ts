import { GichoError, threefry2x32 } from '@gicho/core'
import * as tfl from '@tensorflow/tfjs-layers'

/** Settings of {@link mnistMlp}. */
export interface MnistMlpOptions {
  /** Whole number 0..2^32-1 that decides the start weights; a random one where none is given. */
  readonly seed?: number
  /** Length of the output; 10 where nothing is said. */
  readonly classes?: number
}

/**
 * Lesson 1's perceptron: rows of 784 values in, dense layers of 512, 512 and `classes`, relu between, softmax at the end.
 *
 * Kernels are Glorot uniform (X. Glorot, Y. Bengio, 2010), biases zero: 669,706 parameters for ten classes. One seed
 * gives the same weights on every tfjs backend. Its tensors are the caller's: dispose the model when it is no longer
 * needed. A tfjs backend must be registered.
 *
 * @example
 * const model = mnistMlp({ seed: 1 })
 * @throws GichoError `bad-argument` for a seed or a number of classes outside its range
 */
export function mnistMlp(options: MnistMlpOptions = {}): tfl.LayersModel {
  const { seed = Math.floor(Math.random() * 2 ** 32), classes = 10 } = options
  checkWhole('seed', seed, 0, 0xffffffff)
  checkWhole('classes', classes, 1, 65536)
  const dense = (place: number, units: number, activation: 'relu' | 'softmax') =>
    tfl.layers.dense({
      name: place === 0 ? 'dense' : `dense_${place}`,
      units,
      activation,
      // tfjs-layers would draw from Glorot's normal distribution; Keras draws from the uniform one.
      kernelInitializer: tfl.initializers.glorotUniform({ seed: layerSeed(seed, place) }),
      biasInitializer: 'zeros',
      ...(place === 0 ? { inputShape: [784] } : {}),
    })
  return tfl.sequential({
    name: 'mnist_mlp',
    layers: [dense(0, 512, 'relu'), dense(1, 512, 'relu'), dense(2, classes, 'softmax')],
  })
}

/** Each layer's own seed, far from those of the other layers and of neighbouring seeds. */
function layerSeed(seed: number, place: number): number {
  return threefry2x32(seed, 0, place, 0)[0]
}

function checkWhole(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new GichoError(
      'bad-argument',
      `mnistMlp: expected ${name} to be a whole number ${low}..${high}, got ${value}.`,
    )
  }
}
