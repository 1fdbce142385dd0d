/*
 * Layers whose training tfjs-layers does in another way than Keras, put right on the instances of the engine's own copy
 * of a model:
 * BatchNormalization: tfjs updates the moving variance with the debiased variance, ignores `trainable: false`, and fails
 * without center or scale. Dropout and GaussianNoise: tfjs draws from a generator of its own, and with a seed the same mask every step.
 */
import { dropoutMask, GichoError, gaussianNoise } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel, LayerVariable, layers } from '@tensorflow/tfjs-layers'

type Layer = layers.Layer

/** Where in the random stream the next training step lies. */
export interface StepKey {
  seed: number
  step: number
}

/** Gives BatchNormalization, Dropout and GaussianNoise of this model Keras' training behaviour; masks are keyed by `key` as it stands at each step. */
export function correctLayers(model: LayersModel, key: Readonly<StepKey>): void {
  let stream = 0
  for (const layer of flatten(model)) {
    const type = layer.getClassName()
    if (type === 'BatchNormalization') correctBatchNorm(layer)
    if (type === 'Dropout') correctDropout(layer, key, stream++)
    if (type === 'GaussianNoise') correctNoise(layer, key, stream++)
  }
}

/** All layers in order, those of models inside the model too. */
function flatten(model: { readonly layers: readonly Layer[] }): Layer[] {
  return model.layers.flatMap((layer) =>
    'layers' in layer && Array.isArray(layer.layers) ? flatten({ layers: layer.layers }) : [layer],
  )
}

function correctDropout(layer: Layer, key: Readonly<StepKey>, stream: number): void {
  const rate = numberOf(layer, 'rate')
  layer.call = (inputs, kwargs) => {
    const input = single(inputs)
    if (!kwargs.training || rate === 0) return input
    const channels = input.shape.at(-1) ?? 1
    const mask = dropoutMask({ ...key, stream }, input.size / channels, channels, rate)
    return tf.tidy(() => tf.mul(input, tf.tensor(mask, input.shape)))
  }
}

function correctNoise(layer: Layer, key: Readonly<StepKey>, stream: number): void {
  const stddev = numberOf(layer, 'stddev')
  layer.call = (inputs, kwargs) => {
    const input = single(inputs)
    if (!kwargs.training) return input
    const channels = input.shape.at(-1) ?? 1
    const noise = gaussianNoise({ ...key, stream }, input.size / channels, channels, stddev)
    return tf.tidy(() => tf.add(input, tf.tensor(noise, input.shape)))
  }
}

function correctBatchNorm(layer: Layer): void {
  const infer = layer.call.bind(layer)
  const momentum = numberOf(layer, 'momentum')
  const epsilon = numberOf(layer, 'epsilon')
  const axis = numberOf(layer, 'axis')
  const moving = { mean: weightOf(layer, 'moving_mean'), variance: weightOf(layer, 'moving_variance') }
  layer.call = (inputs, kwargs) => {
    // A frozen layer stays on its moving averages, as in Keras.
    if (!kwargs.training || !layer.trainable) return infer(inputs, { ...kwargs, training: false })
    const x = single(inputs)
    return tf.tidy(() => {
      const channel = axis < 0 ? axis + x.rank : axis
      const reduced = x.shape.map((_, i) => i).filter((i) => i !== channel)
      const { mean, variance } = tf.moments(x, reduced, true)
      moveTowards(moving.mean, mean, momentum)
      moveTowards(moving.variance, variance, momentum)
      const shape = x.shape.map((size, i) => (i === channel ? size : 1))
      const gamma = weightOf(layer, 'gamma')
      const beta = weightOf(layer, 'beta')
      const scale = tf.rsqrt(tf.add(variance, epsilon))
      const factor = gamma ? tf.mul(scale, tf.reshape(gamma.read(), shape)) : scale
      const normalised = tf.mul(tf.sub(x, mean), factor)
      return beta ? tf.add(normalised, tf.reshape(beta.read(), shape)) : normalised
    })
  }
}

function moveTowards(moving: LayerVariable | undefined, value: tf.Tensor, momentum: number): void {
  if (!moving) return
  const old = moving.read()
  moving.write(tf.add(tf.mul(old, momentum), tf.mul(tf.reshape(value, old.shape), 1 - momentum)))
}

function weightOf(layer: Layer, name: string): LayerVariable | undefined {
  return layer.weights.find((weight) => weight.originalName.endsWith(`/${name}`))
}

function numberOf(layer: Layer, key: string): number {
  const value = layer.getConfig()[key]
  if (typeof value === 'number') return value
  throw new GichoError('unsupported', `${layer.name}: expected a number for ${key}, got ${JSON.stringify(value)}.`)
}

function single(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const [input, ...others] = Array.isArray(inputs) ? inputs : [inputs]
  if (input && others.length === 0) return input
  throw new GichoError('unsupported', `layer: expected one input, got ${others.length + (input ? 1 : 0)}.`)
}
