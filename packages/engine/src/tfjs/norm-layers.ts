/*
 * BatchNormalization: tfjs updates the moving variance with the debiased variance and ignores `trainable: false`.
 * Neither it nor LayerNormalization can be trained without center or scale: tfjs' gradient wants both.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { LayerVariable } from '@tensorflow/tfjs-layers'
import { type Layer, numberOf, single, weightOf } from './layer-parts.ts'

interface Moments {
  readonly mean: tf.Tensor
  readonly variance: tf.Tensor
}

export function correctBatchNorm(layer: Layer): void {
  const momentum = numberOf(layer, 'momentum')
  const epsilon = numberOf(layer, 'epsilon')
  const axis = numberOf(layer, 'axis')
  layer.call = (inputs, kwargs) => {
    const x = single(inputs)
    return tf.tidy(() => {
      const channel = axis < 0 ? axis + x.rank : axis
      const shape = x.shape.map((size, i) => (i === channel ? size : 1))
      const moving = { mean: weightOf(layer, 'moving_mean'), variance: weightOf(layer, 'moving_variance') }
      // A frozen layer stays on its moving averages, as in Keras.
      if (!kwargs.training || !layer.trainable) {
        const mean = reshaped(moving.mean, shape) ?? tf.scalar(0)
        const variance = reshaped(moving.variance, shape) ?? tf.scalar(1)
        return normalise(layer, x, { mean, variance }, epsilon, shape)
      }
      const reduced = x.shape.map((_, i) => i).filter((i) => i !== channel)
      const moments = tf.moments(x, reduced, true)
      moveTowards(moving.mean, moments.mean, momentum)
      moveTowards(moving.variance, moments.variance, momentum)
      return normalise(layer, x, moments, epsilon, shape)
    })
  }
}

export function correctLayerNorm(layer: Layer): void {
  const epsilon = numberOf(layer, 'epsilon')
  const given = layer.getConfig().axis
  const axes = (Array.isArray(given) ? given : [given]).map(Number)
  layer.call = (inputs) => {
    const x = single(inputs)
    return tf.tidy(() => {
      const reduced = axes.map((axis) => (axis < 0 ? axis + x.rank : axis))
      const shape = x.shape.map((size, i) => (reduced.includes(i) ? size : 1))
      return normalise(layer, x, tf.moments(x, reduced, true), epsilon, shape)
    })
  }
}

/** `(x - mean) / sqrt(variance + epsilon)`, then times gamma and plus beta where the layer has them; `shape` is what they broadcast by. */
function normalise(
  layer: Layer,
  x: tf.Tensor,
  { mean, variance }: Moments,
  epsilon: number,
  shape: number[],
): tf.Tensor {
  const gamma = reshaped(weightOf(layer, 'gamma'), shape)
  const beta = reshaped(weightOf(layer, 'beta'), shape)
  const scale = tf.rsqrt(tf.add(variance, epsilon))
  const normalised = tf.mul(tf.sub(x, mean), gamma ? tf.mul(scale, gamma) : scale)
  return beta ? tf.add(normalised, beta) : normalised
}

function reshaped(weight: LayerVariable | undefined, shape: number[]): tf.Tensor | undefined {
  return weight && tf.reshape(weight.read(), shape)
}

function moveTowards(moving: LayerVariable | undefined, value: tf.Tensor, momentum: number): void {
  if (!moving) return
  const old = moving.read()
  moving.write(tf.add(tf.mul(old, momentum), tf.mul(tf.reshape(value, old.shape), 1 - momentum)))
}
