import * as tfl from '@tensorflow/tfjs-layers'
import { checkedOptions, layerSeed, type ModelOptions } from './model-options.ts'

/**
 * The convolutional network of lessons 3 and 4: images [28, 28, 1] in, three blocks of convolution, batch normalization and
 * 2x2 max pool (75, 50 and 25 filters; 28x28 to 14x14 to 7x7 to 4x4), a dense layer of 512, 24 probabilities out.
 *
 * 264,049 parameters, 300 of them moving averages that aren't trained. Kernels are Glorot uniform; one seed gives the same
 * weights on every tfjs backend. A tfjs backend must be registered; dispose the model when it is no longer needed.
 *
 * @throws GichoError `bad-argument` for a seed or a number of classes outside its range
 */
export function aslCnn(options: ModelOptions = {}): tfl.LayersModel {
  const { seed, classes } = checkedOptions('aslCnn', options, 24)
  const glorot = (place: number) => tfl.initializers.glorotUniform({ seed: layerSeed(seed, place) })
  const conv = (place: number, filters: number) =>
    tfl.layers.conv2d({
      filters,
      kernelSize: 3,
      strides: 1,
      padding: 'same',
      activation: 'relu',
      kernelInitializer: glorot(place),
      name: place === 0 ? 'conv2d' : `conv2d_${place}`,
      ...(place === 0 ? { inputShape: [28, 28, 1] } : {}),
    })
  const numbered = (name: string, place: number) => ({ name: place === 0 ? name : `${name}_${place}` })
  const norm = (place: number) => tfl.layers.batchNormalization(numbered('batch_normalization', place))
  const pool = (place: number) =>
    tfl.layers.maxPooling2d({ poolSize: 2, strides: 2, padding: 'same', ...numbered('max_pooling2d', place) })
  const drop = (place: number, rate: number) => tfl.layers.dropout({ rate, ...numbered('dropout', place) })
  const dense = (place: number, units: number, activation: 'relu' | 'softmax') =>
    tfl.layers.dense({ units, activation, kernelInitializer: glorot(3 + place), ...numbered('dense', place) })
  return tfl.sequential({
    name: 'asl_cnn',
    layers: [
      ...[conv(0, 75), norm(0), pool(0)], // [14, 14, 75]
      ...[conv(1, 50), drop(0, 0.2), norm(1), pool(1)], // [7, 7, 50]
      ...[conv(2, 25), norm(2), pool(2)], // [4, 4, 25]
      tfl.layers.flatten({ name: 'flatten' }), // [400]
      ...[dense(0, 512, 'relu'), drop(1, 0.3), dense(1, classes, 'softmax')],
    ],
  })
}
