// What the corrections of layers share: a layer's settings, its weights, its one input.
import { GichoError } from '@gicho/core'
import type * as tf from '@tensorflow/tfjs-core'
import type { LayerVariable, layers } from '@tensorflow/tfjs-layers'

export type Layer = layers.Layer

/** A setting of a layer that is a number. @throws GichoError `unsupported` */
export function numberOf(layer: Layer, key: string): number {
  const value = layer.getConfig()[key]
  if (typeof value === 'number') return value
  throw wrong(layer, key, 'a number', value)
}

/** A setting of a layer that is two numbers. @throws GichoError `unsupported` */
export function pairOf(layer: Layer, key: string): [number, number] {
  const value = layer.getConfig()[key]
  const [first, second] = Array.isArray(value) ? value : []
  if (typeof first === 'number' && typeof second === 'number') return [first, second]
  throw wrong(layer, key, 'two numbers', value)
}

function wrong(layer: Layer, key: string, expected: string, got: unknown): GichoError {
  return new GichoError('unsupported', `${layer.name}: expected ${expected} for ${key}, got ${JSON.stringify(got)}.`)
}

/** A layer's weight by its own name, without the layer's. */
export function weightOf(layer: Layer, name: string): LayerVariable | undefined {
  return layer.weights.find((weight) => weight.originalName.endsWith(`/${name}`))
}

/** The only input of a layer. @throws GichoError `unsupported` when it has several */
export function single(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const [input, ...others] = Array.isArray(inputs) ? inputs : [inputs]
  if (input && others.length === 0) return input
  throw new GichoError('unsupported', `layer: expected one input, got ${others.length + (input ? 1 : 0)}.`)
}
