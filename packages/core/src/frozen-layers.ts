/*
 * `base.trainable = false` sets a flag on the weights of a tfjs-layers model, and nothing on its layers: where they are used in
 * another model, `toJSON` doesn't tell that they are frozen. These functions read the flags of the live model into the topology,
 * where Keras has them: as `trainable: false` of each frozen layer.
 */
import { isJsonObject, type JsonObject } from './json-fields.ts'

/** A topology that says which layers are frozen. */
export interface FrozenTopology {
  readonly topology: JsonObject
  /** Layers of which some weights are frozen and others not, which a topology can't say. */
  readonly partlyFrozen: readonly string[]
}

/**
 * A model's topology with `trainable: false` in every layer that plain tfjs wouldn't train. A BatchNormalization without scale and
 * center has no weight that could carry a flag: it is frozen by its own `trainable`, or by that of a model that it lies in.
 *
 * @param topology what `model.toJSON` gives, or the `modelTopology` of its artifacts; it stays as it is
 * @param model the live tfjs-layers model
 */
export function withFrozenLayers(topology: JsonObject, model: object): FrozenTopology {
  const partlyFrozen: string[] = []
  const wrapped = topology.model_config
  const marked = isJsonObject(wrapped)
    ? { ...topology, model_config: markModel(wrapped, model, false, partlyFrozen) }
    : markModel(topology, model, false, partlyFrozen)
  return { topology: marked, partlyFrozen }
}

function markModel(topology: JsonObject, live: object, isFrozen: boolean, partlyFrozen: string[]): JsonObject {
  const frozen = isFrozen || isOff(live)
  const layers = objectsAt(live, 'layers')
  const mark = (entry: unknown): unknown => {
    const config = isJsonObject(entry) && isJsonObject(entry.config) ? entry.config : undefined
    const layer = config && layers.find((each) => 'name' in each && each.name === config.name)
    if (!isJsonObject(entry) || !config || !layer) return entry
    if (Array.isArray(config.layers)) return markModel(entry, layer, frozen, partlyFrozen)
    const weights = objectsAt(layer, '_trainableWeights')
    const off = weights.filter(isOff).length
    if (frozen || isOff(layer) || (off > 0 && off === weights.length)) {
      return { ...entry, config: { ...config, trainable: false } }
    }
    if (off > 0) partlyFrozen.push(String(config.name))
    return entry
  }
  const { config } = topology
  if (Array.isArray(config)) return { ...topology, config: config.map(mark) }
  if (!isJsonObject(config) || !Array.isArray(config.layers)) return topology
  return { ...topology, config: { ...config, layers: config.layers.map(mark) } }
}

/** True for a layer or weight that says that it isn't trained. */
function isOff(value: object): boolean {
  return 'trainable' in value && value.trainable === false
}

function objectsAt(from: object, field: string): object[] {
  const value: unknown = field in from ? Reflect.get(from, field) : undefined
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : []
}
