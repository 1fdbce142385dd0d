import { isJsonObject, type JsonObject } from './json-fields.ts'

/** Layers that move pixels or cut some off, and leave their range as it is. */
const KEEP_RANGE: ReadonlySet<unknown> = new Set([
  'InputLayer',
  'Resizing',
  'CenterCrop',
  'Cropping2D',
  'ZeroPadding2D',
  'UpSampling2D',
  'RandomWidth',
  'RandomHeight',
  'RandomFlip',
  'RandomRotation',
  'RandomTranslation',
  'RandomZoom',
  'RandomCrop',
  'Reshape',
  'Permute',
  'Flatten',
])

interface Source {
  readonly name: unknown
  readonly className: unknown
  readonly config: JsonObject
  /** Names of the layers that it reads. */
  readonly inputs: readonly unknown[]
}

/**
 * True for a model that brings bytes into its own range: its first layer that changes values is a Normalization, or a Rescaling that
 * makes them smaller (one with a scale of 1 or more, as `2 x - 1`, was made for values in 0..1). A BatchNormalization is none of
 * these: it is trained on what it is given.
 *
 * @param topology what `model.toJSON` gives, or the `modelTopology` of its artifacts
 */
export function takesBytes(topology: JsonObject): boolean {
  const layers = layersOf(isJsonObject(topology.model_config) ? topology.model_config : topology)
  const rescales = ({ name, className, config }: Source, seen: readonly unknown[]): boolean => {
    if (className === 'Normalization') return true
    if (className === 'Rescaling') return typeof config.scale === 'number' && Math.abs(config.scale) < 1
    if (Array.isArray(config.layers)) return takesBytes({ config })
    if (!KEEP_RANGE.has(className) || seen.includes(name)) return false
    const next = layers.filter(({ inputs }) => inputs.includes(name))
    return next.length > 0 && next.every((layer) => rescales(layer, [...seen, name]))
  }
  const first = layers.filter(({ inputs }) => inputs.length === 0)
  return first.length > 0 && first.every((layer) => rescales(layer, []))
}

function layersOf({ config }: JsonObject): Source[] {
  const list: unknown = isJsonObject(config) ? config.layers : config
  const layers = (Array.isArray(list) ? list : []).filter(isJsonObject).map((layer) => {
    const own = isJsonObject(layer.config) ? layer.config : {}
    return { name: own.name, className: layer.class_name, config: own, calls: layer.inbound_nodes }
  })
  return layers.map(({ calls, ...layer }, i) => ({
    ...layer,
    inputs: calls === undefined ? behind(layers[i - 1]) : namesIn(calls),
  }))
}

/** A Sequential's layers name nothing: each reads the one before it. */
function behind(before: { readonly name: unknown } | undefined): unknown[] {
  return before ? [before.name] : []
}

/** The layers that a layer's calls read: [[[name, node, tensor, options], …], …]. */
function namesIn(calls: unknown): unknown[] {
  if (!Array.isArray(calls)) return []
  return calls.flatMap((call: unknown) =>
    Array.isArray(call) ? call.flatMap((from: unknown) => (Array.isArray(from) ? [from[0]] : [])) : [],
  )
}
