/*
 * Softmax: tfjs knows it over the last axis alone. ReLU up to 6: Keras' gradient is 0 at exactly 6, that of tfjs' clip is 1.
 */
import * as tf from '@tensorflow/tfjs-core'
import { type Layer, single } from './layer-parts.ts'

export function correctSoftmax(layer: Layer): void {
  const given = layer.getConfig().axis
  const axes = (Array.isArray(given) ? given : [given]).map(Number)
  layer.call = (inputs) =>
    tf.tidy(() => {
      const x = single(inputs)
      // The gradient of the largest value cancels: the result doesn't depend on what is taken off.
      const top = tf.customGrad((input) => ({
        value: tf.max(input as tf.Tensor, axes, true),
        gradFunc: () => tf.zerosLike(input as tf.Tensor),
      }))
      const exps = tf.exp(tf.sub(x, top(x)))
      return tf.div(exps, tf.sum(exps, axes, true))
    })
}

export function correctReLU(layer: Layer): void {
  if (layer.getConfig().maxValue !== 6) return
  layer.call = (inputs) => tf.tidy(() => tf.minimum(6, tf.relu(single(inputs))))
}
