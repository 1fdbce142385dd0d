/*
 * What tfjs doesn't check before it rebuilds a model: it goes round for ever where layers wait for each other, or for a
 * node that never comes, and calls itself once for each level of the file.
 */
import { GichoError, isJsonObject, type JsonObject } from '@gicho/core'

/** Models of models of models have some thirty levels. */
const MOST_LEVELS = 100
const MOST_LAYERS = 10_000

/**
 * Checks that a file isn't nested deeper than any model is.
 *
 * @throws GichoError `bad-data`
 */
export function checkDepth(value: unknown, where: string): void {
  let level = new Set<unknown>([value])
  for (let depth = 0; level.size > 0; depth++) {
    if (depth > MOST_LEVELS) {
      throw new GichoError('bad-data', `${where}: expected at most ${MOST_LEVELS} levels inside each other, got more.`)
    }
    const inside = new Set<unknown>()
    for (const one of level) {
      if (typeof one === 'object' && one !== null) for (const part of Object.values(one)) inside.add(part)
    }
    level = inside
  }
}

/**
 * Checks that every layer of a model, and of the models inside it, gets its inputs at some time.
 *
 * @param topology what `checkTopology` has looked at
 * @throws GichoError `bad-data` naming the layers that wait for each other, or for what isn't there
 */
export function checkWiring(topology: JsonObject, where: string): void {
  checkDepth(topology, where)
  let count = 0
  for (const model of modelsIn(topology)) {
    const layers = layersOf(model)
    count += layers.length
    if (count > MOST_LAYERS) {
      throw new GichoError('bad-data', `${where}: expected a model of at most ${MOST_LAYERS} layers, got more.`)
    }
    if (fields(model, 'class_name').includes('Sequential')) continue
    checkNames(layers, where)
    checkInputs(layers, where)
  }
}

/** A model, and the models among its layers, and theirs. */
export function* modelsIn(topology: JsonObject): Generator<JsonObject> {
  const [inner] = fields(topology, 'model_config')
  const models: JsonObject[] = [isJsonObject(inner) ? inner : topology]
  for (let model = models.pop(); model; model = models.pop()) {
    yield model
    models.push(...layersOf(model).filter(isModel))
  }
}

/** Wires go by a name in front of the layer, tfjs' list of what is left to do by the one in its settings. */
function checkNames(layers: readonly JsonObject[], where: string): void {
  for (const layer of layers) {
    const inside = fields(layer, 'config').flatMap((config) => (isJsonObject(config) ? fields(config, 'name') : []))
    const names = new Set([...fields(layer, 'name'), ...inside])
    if (names.size === 1 && inside.length > 0 && typeof inside[0] === 'string' && 'name' in layer) continue
    throw new GichoError(
      'bad-data',
      `${where}: expected layers with one name each, got ${[...names].map((name) => JSON.stringify(name)).join(' and ') || 'one without'}. ` +
        'Save the model again.',
    )
  }
}

/** A layer's name, and how many nodes it has from the start and gets, with what each of these waits for. */
interface Wired {
  nodes: number
  readonly waiting: readonly (readonly Input[])[]
}

/** A layer's output: that of its node of this number. */
interface Input {
  readonly layer: string
  readonly node: number
}

/** As tfjs goes about it: a node is made once all layers that feed it have so many nodes. */
function checkInputs(layers: readonly JsonObject[], where: string): void {
  const wired = new Map(layers.map((layer) => [nameOf(layer), wiringOf(layer)]))
  const readers = new Map<string, Set<string>>()
  for (const [name, { waiting }] of wired) {
    for (const { layer } of waiting.flat()) readers.set(layer, (readers.get(layer) ?? new Set()).add(name))
  }
  const left = new Map([...wired].map(([name, { waiting }]) => [name, [...waiting]]))
  const queue = [...wired.keys()]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const layer = wired.get(name)
    const before = left.get(name)
    if (!layer || !before) continue
    const after = before.filter((inputs) => !inputs.every((input) => (wired.get(input.layer)?.nodes ?? 0) > input.node))
    left.set(name, after)
    layer.nodes += before.length - after.length
    if (after.length < before.length) queue.push(...(readers.get(name) ?? []))
  }
  const stuck = [...left].filter(([, waiting]) => waiting.length > 0).map(([name]) => name)
  if (stuck.length === 0) return
  const more = stuck.length > 4 ? ` and ${stuck.length - 4} more` : ''
  throw new GichoError(
    'bad-data',
    `${where}: expected layers that get their inputs one after the other, got ${stuck.slice(0, 4).join(', ')}${more}, ` +
      'which wait for each other or for what is not there. Save the model again.',
  )
}

function wiringOf(layer: JsonObject): Wired {
  const waiting = fields(layer, 'inbound_nodes').flatMap((nodes) => (Array.isArray(nodes) ? nodes.map(inputsOf) : []))
  const starts = fields(layer, 'class_name').includes('InputLayer') || (isModel(layer) && layersOf(layer).length > 0)
  return { nodes: starts ? 1 : 0, waiting }
}

function inputsOf(node: unknown): readonly Input[] {
  if (!Array.isArray(node)) return []
  return node.map((input: unknown) => {
    const [layer, at]: unknown[] = Array.isArray(input) ? input : []
    return { layer: String(layer), node: typeof at === 'number' ? at : 0 }
  })
}

function nameOf(layer: JsonObject): string {
  return String(layer.name)
}

function isModel(layer: JsonObject): boolean {
  return fields(layer, 'class_name').some((name) => name === 'Model' || name === 'Functional' || name === 'Sequential')
}

/** A model's own layers. */
export function layersOf(model: JsonObject): readonly JsonObject[] {
  return fields(model, 'config').flatMap((config) => {
    if (Array.isArray(config)) return config.filter(isJsonObject)
    return isJsonObject(config) ? fields(config, 'layers').flatMap((layers) => objectsIn(layers)) : []
  })
}

function objectsIn(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : []
}

/** The values of a field, however its name is written: tfjs reads `inbound_nodes` and `inboundNodes` alike. */
export function fields(object: JsonObject, name: string): readonly unknown[] {
  const plain = (key: string): string => key.replaceAll(/[^a-z]/gi, '').toLowerCase()
  const wanted = plain(name)
  return Object.keys(object).flatMap((key) => (plain(key) === wanted ? [object[key]] : []))
}
