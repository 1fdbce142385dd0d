import { GichoError, type ModelSpec, type NamedArray, withFrozenLayers, withWholeConfigs } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { matchByName } from '../session/match-by-name.ts'
import { isRecord } from './record.ts'

/** One weight of a tfjs-layers model, as `model.weights` lists it. */
export interface LayerWeight {
  /** `dense_1/kernel`: without the suffix that tfjs gives to a second copy. */
  readonly originalName: string
  readonly shape: readonly (number | null)[]
  read(): { data(): Promise<ArrayLike<number>> }
  write(value: tf.Tensor): unknown
}

/** What is read of a tfjs-layers model: every `tf.LayersModel` is one, whichever copy of tfjs made it. */
export interface LayersModelLike {
  toJSON(unused?: null, returnString?: boolean): unknown
  readonly weights: readonly LayerWeight[]
}

/**
 * A tfjs-layers model as data: its topology, and its weights in the order of `model.weights`. Layers that plain tfjs wouldn't train,
 * now that it is read, have `trainable: false` in the topology, also where a model that they came from was frozen; settings that tfjs leaves out are in it.
 *
 * @throws GichoError `bad-argument` when it is no layers model (a graph model, for one)
 */
export async function readModel(model: LayersModelLike): Promise<ModelSpec> {
  if (typeof model?.toJSON !== 'function' || !Array.isArray(model.weights)) {
    throw new GichoError(
      'bad-argument',
      `model: expected a tfjs-layers model (tf.sequential, tf.model), got ${typeof model} without toJSON and weights.`,
    )
  }
  const topology = model.toJSON(null, false)
  if (!isRecord(topology)) {
    throw new GichoError('bad-argument', `model: expected toJSON to give an object, got ${typeof topology}.`)
  }
  const { topology: marked, partlyFrozen } = withFrozenLayers(withWholeConfigs(topology, model), model)
  const spec = { topology: marked, weights: await readWeights(model.weights) }
  return partlyFrozen.length > 0 ? { ...spec, partlyFrozen } : spec
}

/**
 * Writes weights into a tfjs-layers model, by name.
 *
 * @throws GichoError `bad-shape` when names or sizes aren't the model's; nothing is written then
 */
export function assignWeights(model: LayersModelLike, weights: readonly NamedArray[]): void {
  writeWeights(model.weights, weights)
}

/** The values of weights, in their order. */
export async function readWeights(weights: readonly LayerWeight[]): Promise<NamedArray[]> {
  return Promise.all(
    weights.map(async (weight) => ({
      name: weight.originalName,
      shape: shapeOf(weight),
      values: Float32Array.from(await weight.read().data()),
    })),
  )
}

/**
 * Writes weights by name, after checking that they are the same set. They are taken as they are: tfjs would apply the constraint of
 * each weight to them, Keras does that after an update alone.
 *
 * @throws GichoError `bad-shape`
 */
export function writeWeights(targets: readonly LayerWeight[], weights: readonly NamedArray[]): void {
  const expected = targets.map((weight) => ({ name: weight.originalName, shape: shapeOf(weight) }))
  const byName = matchByName('weights', expected, weights)
  tf.tidy(() => {
    for (const target of targets) {
      const given = byName.get(target.originalName)
      if (!given) continue
      // A copy: the cpu backend keeps the array that it is given.
      const value = tf.tensor(given.values.slice(), [...given.shape], 'float32')
      const old = target.read()
      if (isVariable(old)) old.assign(value)
      else target.write(value)
    }
  })
}

/** True for what `read` of a weight gives in every tfjs so far. */
export function isVariable(value: object): value is tf.Variable {
  return 'assign' in value
}

/** A weight's shape; weights have no open axes. */
export function shapeOf(weight: LayerWeight): number[] {
  return weight.shape.map((size) => size ?? 0)
}
