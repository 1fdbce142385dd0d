import { GichoError, type NamedArray, sameShape, type TrainingState } from '@gicho/core'

/**
 * A training's state under the names of a model that may have been built again: layers without a name get a new number each time
 * (`dense_Dense1`, then `dense_Dense3`). Where names differ in such numbers alone, and the weights have the same shapes in the same
 * order, they are those of the same layers.
 *
 * @param weights the model's, in their order
 * @throws GichoError `bad-shape` where the state is another model's
 */
export function renameState(state: TrainingState, weights: readonly NamedArray[]): TrainingState {
  const given = new Set(state.weights.map(({ name }) => name))
  if (weights.every(({ name }) => given.has(name)) && given.size === weights.length) return state
  const renamed = layerNames(state.weights, weights)
  if (!renamed) throw otherModel(state.weights, weights)
  // Slots of the optimizer are named `rms/dense_Dense1/kernel`.
  const rename = ({ name, ...array }: NamedArray): NamedArray => {
    const parts = name.split('/').map((part) => renamed.get(part) ?? part)
    return { ...array, name: parts.join('/') }
  }
  return { ...state, weights: state.weights.map(rename), optimizer: state.optimizer.map(rename) }
}

/** The model's name of each layer of the state; undefined where they are not sure to be the same layers. */
function layerNames(given: readonly NamedArray[], model: readonly NamedArray[]): Map<string, string> | undefined {
  const names = new Map<string, string>()
  const isSame = (array: NamedArray, index: number): boolean => {
    const other = model[index]
    const [from, to] = [splitName(array.name), splitName(other?.name ?? '')]
    if (!other || !sameShape(array.shape, other.shape) || from.role !== to.role) return false
    if (
      from.layer !== to.layer &&
      (numberless(from.layer) === undefined || numberless(from.layer) !== numberless(to.layer))
    ) {
      return false
    }
    const known = names.get(from.layer)
    names.set(from.layer, to.layer)
    return known === undefined || known === to.layer
  }
  if (given.length !== model.length || !given.every(isSame)) return undefined
  return new Set(names.values()).size === names.size ? names : undefined
}

function splitName(name: string): { layer: string; role: string } {
  const at = name.lastIndexOf('/')
  return { layer: name.slice(0, Math.max(0, at)), role: name.slice(at + 1) }
}

/** `dense_Dense` of `dense_Dense12`: a name that tfjs made, without its number. */
function numberless(layer: string): string | undefined {
  return /^([a-z0-9_]+_[A-Z]\w*?)\d+$/.exec(layer)?.[1]
}

function otherModel(given: readonly NamedArray[], model: readonly NamedArray[]): GichoError {
  const list = (arrays: readonly NamedArray[]): string => {
    const names = arrays.slice(0, 3).map(({ name, shape }) => `${name} [${shape.join(', ')}]`)
    return `${names.join(', ')}${arrays.length > 3 ? `, … (${arrays.length} weights)` : ''}`
  }
  return new GichoError(
    'bad-shape',
    `fit: resumeFrom holds the weights of another model: ${list(given)}, and this one has ${list(model)}. Build the model as it was ` +
      "then; with names of their own ({ name: 'hidden' }) its layers keep them when it is built again.",
  )
}
