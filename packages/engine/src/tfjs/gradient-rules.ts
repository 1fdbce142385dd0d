import type { GradientOptions } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { limitOf } from '../session/clip.ts'

/** One for each weight; none for a weight that the loss doesn't depend on. */
export type Gradients = readonly (tf.Tensor | undefined)[]

/**
 * What happens to gradients before the optimizer sees them: they are averaged over some steps, then clipped, in Keras' formulas. Its
 * methods need the backend active.
 */
export class GradientRules {
  readonly #options: GradientOptions
  readonly #steps: number
  /** Sums over the steps since the last update, kept. */
  #sums: Gradients = []
  #added = 0

  constructor(options: GradientOptions) {
    this.#options = options
    this.#steps = options.accumulationSteps ?? 1
  }

  /** Adds a step's gradients; gives those to update with, or nothing while more steps must come. `limit` takes the place of the clip's own number. */
  take(gradients: Gradients, limit: number | undefined = limitOf(this.#options)): Gradients | undefined {
    if (this.#steps === 1) return clip(gradients, this.#options, limit)
    const old = this.#sums
    const sums = gradients.map((gradient, i) => sum(old[i], gradient))
    if (++this.#added === this.#steps) {
      this.reset()
      const means = sums.map((total) => total && tf.div(total, this.#steps))
      return clip(means, this.#options, limit)
    }
    this.#sums = sums.map((total) => total && tf.keep(total.clone()))
    dispose(old)
    return undefined
  }

  /** Drops what waits for its update. */
  reset(): void {
    dispose(this.#sums)
    this.#sums = []
    this.#added = 0
  }
}

function sum(first: tf.Tensor | undefined, second: tf.Tensor | undefined): tf.Tensor | undefined {
  return first && second ? tf.add(first, second) : (first ?? second)
}

function dispose(gradients: Gradients): void {
  for (const gradient of gradients) gradient?.dispose()
}

function clip(gradients: Gradients, options: GradientOptions, limit: number | undefined): Gradients {
  if (limit === undefined) return gradients
  if (options.globalClipNorm !== undefined) return clipByGlobalNorm(gradients, limit)
  const clipOne = options.clipNorm === undefined ? clipByValue : clipByNorm
  return gradients.map((gradient) => gradient && clipOne(gradient, limit))
}

function clipByValue(gradient: tf.Tensor, limit: number): tf.Tensor {
  return tf.clipByValue(gradient, -limit, limit)
}

/** `g limit / max(norm, limit)` */
function clipByNorm(gradient: tf.Tensor, limit: number): tf.Tensor {
  const norm = tf.sqrt(tf.sum(tf.square(gradient)))
  return tf.div(tf.mul(gradient, limit), tf.maximum(norm, limit))
}

/** `g limit min(1 / norm, 1 / limit)`; an infinite norm gives NaN, as in Keras. */
function clipByGlobalNorm(gradients: Gradients, limit: number): Gradients {
  const squares = gradients.flatMap((gradient) => (gradient ? [tf.sum(tf.square(gradient))] : []))
  if (squares.length === 0) return gradients
  const norm = tf.sqrt(tf.addN(squares))
  const finite = tf.mul(tf.minimum(tf.div(1, norm), 1 / limit), limit)
  const scale = tf.add(finite, tf.sub(norm, norm))
  return gradients.map((gradient) => gradient && tf.mul(gradient, scale))
}
