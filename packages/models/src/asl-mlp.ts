import type * as tfl from '@tensorflow/tfjs-layers'
import { checkedOptions, type ModelOptions } from './model-options.ts'
import { perceptron } from './perceptron.ts'

/**
 * Lesson 2's perceptron, the same as lesson 1's but for its 24 outputs: 676,888 parameters.
 *
 * Kernels are Glorot uniform, biases zero; one seed gives the same weights on every tfjs backend. A tfjs backend must be
 * registered; dispose the model when it is no longer needed.
 *
 * @throws GichoError `bad-argument` for a seed or a number of classes outside its range
 */
export function aslMlp(options: ModelOptions = {}): tfl.LayersModel {
  const { seed, classes } = checkedOptions('aslMlp', options, 24)
  return perceptron('asl_mlp', seed, classes)
}
