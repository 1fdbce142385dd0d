/*
 * What `toJSON` of a tfjs-layers model gets wrong: it writes the regularizer of a DepthwiseConv2D as its constraint, and leaves the
 * depth multiplier of a SeparableConv2D out. Such a topology can't be loaded, or is another network. Here it is put right from the
 * live layers.
 */
import { isJsonObject, type JsonObject } from './json-fields.ts'

/**
 * A model's topology with the settings that tfjs leaves out or mixes up.
 *
 * @param topology what `model.toJSON` gives, or the `modelTopology` of its artifacts; it stays as it is
 * @param model the live tfjs-layers model
 */
export function withWholeConfigs(topology: JsonObject, model: object): JsonObject {
  const wrapped = topology.model_config
  if (isJsonObject(wrapped)) return { ...topology, model_config: withWholeConfigs(wrapped, model) }
  const { config } = topology
  const whole = (entry: unknown): unknown => wholeLayer(entry, liveLayer(entry, model))
  if (Array.isArray(config)) return { ...topology, config: config.map(whole) }
  if (!isJsonObject(config) || !Array.isArray(config.layers)) return topology
  return { ...topology, config: { ...config, layers: config.layers.map(whole) } }
}

function wholeLayer(entry: unknown, live: object | undefined): unknown {
  if (!isJsonObject(entry) || !isJsonObject(entry.config) || !live) return entry
  const { config } = entry
  if (Array.isArray(config.layers)) return withWholeConfigs(entry, live)
  const inner = fieldOf(live, 'layer')
  if (isJsonObject(config.layer) && inner)
    return { ...entry, config: { ...config, layer: wholeLayer(config.layer, inner) } }
  if (entry.class_name === 'DepthwiseConv2D') {
    const constraint = fieldOf(live, 'depthwiseConstraint')
    return { ...entry, config: { ...config, depthwise_constraint: constraint ? serialized(constraint) : null } }
  }
  if (entry.class_name === 'SeparableConv2D' && 'depthMultiplier' in live)
    return { ...entry, config: { ...config, depth_multiplier: live.depthMultiplier } }
  return entry
}

function liveLayer(entry: unknown, model: object): object | undefined {
  const name = isJsonObject(entry) && isJsonObject(entry.config) ? entry.config.name : undefined
  const layers: unknown = 'layers' in model ? model.layers : []
  if (!Array.isArray(layers)) return undefined
  return layers.find((layer) => isJsonObject(layer) && layer.name === name)
}

function fieldOf(live: object, field: string): object | undefined {
  const value: unknown = Reflect.get(live, field)
  return typeof value === 'object' && value !== null ? value : undefined
}

/** A constraint as topologies say it, with names in snake case. */
function serialized(constraint: object): JsonObject {
  const call = (name: string): unknown => {
    const method: unknown = Reflect.get(constraint, name)
    return typeof method === 'function' ? method.call(constraint) : undefined
  }
  const config = call('getConfig')
  const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const fields = isJsonObject(config) ? Object.entries(config).map(([name, value]) => [snake(name), value]) : []
  return { class_name: call('getClassName'), config: Object.fromEntries(fields) }
}
