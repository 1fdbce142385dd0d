import type * as tfl from '@tensorflow/tfjs-layers'
import { checkedOptions, type ModelOptions } from './model-options.ts'
import { perceptron } from './perceptron.ts'

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
export function mnistMlp(options: ModelOptions = {}): tfl.LayersModel {
  const { seed, classes } = checkedOptions('mnistMlp', options, 10)
  return perceptron('mnist_mlp', seed, classes)
}
