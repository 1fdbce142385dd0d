/*
 * Softmax: tfjs knows it over the last axis alone. ReLU up to 6: Keras' gradient is 0 at exactly 6, that of tfjs' clip is 1.
 * ThresholdedReLU and Masking: tfjs looks for the gradient of their comparisons, and finds none.
 */
import * as tf from '@tensorflow/tfjs-core'
import { type Layer, numberOf, single } from './layer-parts.ts'

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

export function correctThresholdedReLU(layer: Layer): void {
  const theta = numberOf(layer, 'theta')
  layer.call = (inputs) => gated(single(inputs), (x) => tf.greater(x, theta))
}

export function correctMasking(layer: Layer): void {
  const value = numberOf(layer, 'maskValue')
  layer.call = (inputs) => gated(single(inputs), (x) => tf.any(tf.notEqual(x, value), -1, true))
}

/** The values for which a condition holds, and 0 for the others; the gradient passes where they do. */
function gated(x: tf.Tensor, condition: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const gate = tf.customGrad((input, save) => {
    const given = input as tf.Tensor
    const open = tf.cast(condition(given), 'float32')
    ;(save as tf.GradSaveFunc)([open])
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]): tf.Tensor => tf.mul(dy, saved ?? 0)
    return { value: tf.mul(given, open), gradFunc }
  })
  return tf.tidy(() => gate(x))
}
