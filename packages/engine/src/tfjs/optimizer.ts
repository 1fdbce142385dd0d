import { type NamedArray, type OptimizerConfig, type RmspropConfig, sizeOf } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { adamEpsilon, adamRate } from '../session/adam-rate.ts'
import { matchByName } from '../session/match-by-name.ts'
import { GradientRules, type Gradients } from './gradient-rules.ts'
import { type LayerWeight, shapeOf } from './weights.ts'

/** One weight's new value and new slots. */
interface Update {
  readonly weight: tf.Tensor
  readonly slots: readonly tf.Tensor[]
}

/** The names of an optimizer's slots; each weight has one of each. */
function slotNames(config: OptimizerConfig): readonly string[] {
  switch (config.name) {
    case 'rmsprop':
      return ['rms', ...(config.centered ? ['mean'] : []), ...(config.momentum ? ['momentum'] : [])]
    case 'sgd':
      return config.momentum === 0 ? [] : ['momentum']
    case 'adam':
    case 'adamw':
      return ['m', 'v']
    default:
      return config satisfies never
  }
}

/** Keras' formulas; `iteration` counts from 1. Source: keras/src/optimizers/{rmsprop,sgd,adam,adamw}.py. */
function update(
  config: OptimizerConfig,
  weight: tf.Tensor,
  gradient: tf.Tensor,
  slots: readonly tf.Tensor[],
  rate: number,
  iteration: number,
): Update {
  const [first, second] = slots
  switch (config.name) {
    case 'rmsprop':
      return rmspropUpdate(config, weight, gradient, slots, rate)
    case 'sgd': {
      const move = tf.mul(gradient, -rate)
      if (first === undefined) return { weight: tf.add(weight, move), slots: [] }
      const velocity = tf.add(tf.mul(first, config.momentum), move)
      const ahead = config.nesterov ? tf.add(tf.mul(velocity, config.momentum), move) : velocity
      return { weight: tf.add(weight, ahead), slots: [velocity] }
    }
    case 'adamw': {
      const decayed = tf.sub(weight, tf.mul(weight, config.weightDecay * rate))
      return update({ ...config, name: 'adam' }, decayed, gradient, slots, rate, iteration)
    }
    case 'adam': {
      const { beta1, beta2 } = config
      const epsilon = adamEpsilon(config, iteration)
      const corrected = adamRate(config, rate, iteration)
      const m = first ? tf.add(first, tf.mul(tf.sub(gradient, first), 1 - beta1)) : gradient
      const squared = tf.square(gradient)
      const v = second ? tf.add(second, tf.mul(tf.sub(squared, second), 1 - beta2)) : squared
      return { weight: tf.sub(weight, tf.div(tf.mul(m, corrected), tf.add(tf.sqrt(v), epsilon))), slots: [m, v] }
    }
    default:
      return config satisfies never
  }
}

function rmspropUpdate(
  { rho, epsilon, epsilonMode, momentum = 0, centered = false }: RmspropConfig,
  weight: tf.Tensor,
  gradient: tf.Tensor,
  slots: readonly tf.Tensor[],
  rate: number,
): Update {
  const [oldRms, second, third] = slots
  const [oldMean, oldVelocity] = centered ? [second, third] : [undefined, second]
  const moved = (old: tf.Tensor | undefined, value: tf.Tensor) => {
    const part = tf.mul(value, 1 - rho)
    return old ? tf.add(tf.mul(old, rho), part) : part
  }
  const rms = moved(oldRms, tf.square(gradient))
  const mean = centered ? [moved(oldMean, gradient)] : []
  const spread = mean[0] ? tf.sub(rms, tf.square(mean[0])) : rms
  const divisor = epsilonMode === 'tf2' ? tf.add(tf.sqrt(spread), epsilon) : tf.sqrt(tf.add(spread, epsilon))
  const step = tf.div(tf.mul(gradient, rate), divisor)
  if (momentum === 0) return { weight: tf.sub(weight, step), slots: [rms, ...mean] }
  const velocity = oldVelocity ? tf.add(tf.mul(oldVelocity, momentum), step) : step
  return { weight: tf.sub(weight, velocity), slots: [rms, ...mean, velocity] }
}

/** An optimizer's formulas and slots, and what it does with gradients before, for the trainable weights of one model. Its methods need the backend active. */
export class EagerOptimizer {
  readonly #config: OptimizerConfig
  readonly #weights: readonly LayerWeight[]
  readonly #rules: GradientRules
  /** By weight, in the order of `slotNames`; made at first use. */
  #slots: tf.Tensor[][] | undefined
  #iteration = 0

  constructor(config: OptimizerConfig, weights: readonly LayerWeight[]) {
    this.#config = config
    this.#weights = weights
    this.#rules = new GradientRules(config)
  }

  get #countsSteps(): boolean {
    return this.#config.name === 'adam' || this.#config.name === 'adamw'
  }

  /**
   * Changes every weight by its gradient, where enough steps have added theirs; a weight without one stays. `clip` takes the place
   * of the configuration's limit.
   */
  apply(step: Gradients, values: readonly tf.Tensor[], rate: number, clip?: number): void {
    const gradients = this.#rules.take(step, clip)
    if (!gradients) {
      this.#constrain(step, values)
      return
    }
    this.#iteration++
    const slots = this.#ensureSlots()
    this.#weights.forEach((weight, index) => {
      const gradient = gradients[index]
      const value = values[index]
      const old = slots[index]
      if (!gradient || !value || !old) return
      tf.tidy(() => {
        const next = update(this.#config, value, gradient, old, rate, this.#iteration)
        // write() applies the weight's constraint, where it has one.
        weight.write(next.weight)
        slots[index] = next.slots.map((slot) => tf.keep(slot))
      })
      tf.dispose(old)
    })
  }

  /** Holds weights to their constraints, as Keras does after a step that only adds its gradients, too. */
  #constrain(step: Gradients, values: readonly tf.Tensor[]): void {
    this.#weights.forEach((weight, index) => {
      const value = values[index]
      if (!value || !step[index] || !('constraint' in weight) || !weight.constraint) return
      // write() applies the constraint.
      tf.tidy(() => {
        weight.write(tf.clone(value))
      })
    })
  }

  /** What the state consists of: `rms/dense_1/kernel`, and Adam's `iteration`. */
  #layout(): Pick<NamedArray, 'name' | 'shape'>[] {
    const names = slotNames(this.#config)
    const slots = this.#weights.flatMap((weight) =>
      names.map((slot) => ({ name: `${slot}/${weight.originalName}`, shape: shapeOf(weight) })),
    )
    return this.#countsSteps ? [{ name: 'iteration', shape: [] }, ...slots] : slots
  }

  /** The slots by name; all zeros before the first step. */
  async read(): Promise<NamedArray[]> {
    const tensors = this.#slots?.flat()
    const values = tensors && (await Promise.all(tensors.map((slot) => slot.data<'float32'>())))
    const counters = this.#countsSteps ? [Float32Array.of(this.#iteration)] : []
    const arrays = values ? [...counters, ...values.map((slot) => slot.slice())] : counters
    return this.#layout().map(({ name, shape }, index) => ({
      name,
      shape,
      values: arrays[index] ?? new Float32Array(sizeOf(shape)),
    }))
  }

  /** Goes on from a stored state; gradients that wait for their update are dropped. @throws GichoError `bad-shape` when names or sizes aren't this optimizer's */
  write(state: readonly NamedArray[]): void {
    const byName = matchByName(`optimizer ${this.#config.name}`, this.#layout(), state)
    const names = slotNames(this.#config)
    this.#rules.reset()
    tf.dispose(this.#slots ?? [])
    this.#iteration = byName.get('iteration')?.values[0] ?? 0
    this.#slots = this.#weights.map((weight) =>
      names.map((slot) => {
        const values = byName.get(`${slot}/${weight.originalName}`)?.values.slice() ?? new Float32Array(0)
        return tf.keep(tf.tensor(values, shapeOf(weight), 'float32'))
      }),
    )
  }

  dispose(): void {
    this.#rules.reset()
    tf.dispose(this.#slots ?? [])
    this.#slots = undefined
  }

  #ensureSlots(): tf.Tensor[][] {
    const names = slotNames(this.#config)
    this.#slots ??= this.#weights.map((weight) => names.map(() => tf.keep(tf.zeros(shapeOf(weight)))))
    return this.#slots
  }
}
