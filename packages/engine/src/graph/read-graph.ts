import { formatShape, type Issue, isGichoError, type ModelSpec, type Shape, withKeras3Names } from '@gicho/core'
import { graphIssues } from './check-graph.ts'
import { type Fields, fieldsAt, flagAt, isFields, listAt, textAt } from './fields.ts'
import type { Activation, Graph, GraphNode, Layer } from './graph.ts'
import { inOrder } from './layer-order.ts'
import { layerShape } from './layer-shape.ts'
import type { ReadLayer } from './layer-source.ts'
import { isKnown, isNested, readLayer } from './read-layer.ts'
import { weightShapes } from './weight-shapes.ts'

/** What became of a model: its graph when there were no issues. */
export interface ReadResult {
  readonly graph?: Graph
  readonly issues: readonly Issue[]
}

interface TopologyLayer {
  readonly className: string
  readonly name: string
  readonly config: Fields
  /** Names of the layers that it reads; empty for an input. */
  readonly inputs: readonly string[]
}

/**
 * Reads a tfjs-layers model, sequential or functional, into nodes. The final activation that the loss `takes` is taken off:
 * training works on the logits, and the session puts it back for predictions. A topology that tfjs-layers wouldn't write is an
 * issue too.
 */
export function readGraph(model: ModelSpec, takes: Activation = 'softmax'): ReadResult {
  try {
    return readTopology(model, takes)
  } catch (error) {
    if (!isGichoError(error, 'bad-data')) throw error
    return { issues: [{ where: 'model', message: error.message }] }
  }
}

function readTopology(model: ModelSpec, takes: Activation): ReadResult {
  const issues: Issue[] = []
  const layers = topologyLayers(modelOf(withKeras3Names(model.topology)), issues)
  const nodes: GraphNode[] = []
  const places = new Map<string, number>()
  const streams = { next: 0 }
  issues.push(...listIssues(layers))
  if (issues.length > 0) return { issues }
  for (const layer of layers) {
    const inputs = layer.inputs.flatMap((name) => places.get(name) ?? [])
    if (new Set(inputs).size < inputs.length)
      issues.push({ where: layer.name, message: 'reads one tensor more than once' })
    const added = addLayer(layer, inputs, nodes, issues, streams)
    if (added === undefined) {
      return { issues: [...issues, ...unknownLayers(layers.slice(layers.indexOf(layer) + 1))] }
    }
    places.set(layer.name, added)
  }
  if (nodes.filter(({ layer }) => layer.kind === 'input').length > 1)
    issues.push({ where: 'model', message: 'expected one input, got several' })
  issues.push(...finalIssues(nodes, takes))
  if (issues.length > 0) return { issues }
  const graph = { nodes: takes === 'linear' ? nodes : nodes.slice(0, -1) }
  issues.push(...graphIssues(graph))
  return issues.length > 0 ? { issues } : { graph, issues }
}

/** Layers that one model may have. */
const MOST_LAYERS = 4096

/** What is wrong with a list of layers by itself: names that mean two layers or none. */
function listIssues(layers: readonly TopologyLayer[]): Issue[] {
  if (layers.length > MOST_LAYERS)
    return [
      { where: 'model', message: `models of more than ${MOST_LAYERS} layers aren't compiled, got ${layers.length}` },
    ]
  const names = new Set<string>()
  return layers.flatMap(({ name, inputs }) => {
    const issues: Issue[] = []
    if (names.has(name)) issues.push({ where: name, message: 'two layers have this name: give each its own' })
    const missing = inputs.find((input) => !names.has(input))
    if (missing !== undefined)
      issues.push({
        where: name,
        message: `reads "${missing}", which is no layer of the model, or reads this one itself`,
      })
    names.add(name)
    return issues
  })
}

/** What keeps the last layer from being computed together with the loss. */
function finalIssues(nodes: readonly GraphNode[], takes: Activation): Issue[] {
  const last = nodes.at(-1)
  const logits = takes === 'linear' ? last : nodes[last?.inputs[0] ?? -1]
  const where = last?.name ?? 'model'
  if (takes !== 'linear' && (last?.layer.kind !== 'activation' || last.layer.activation !== takes)) {
    const message = `the last layer must end in a ${takes}, which the loss takes together with the cross-entropy`
    return [{ where, message }]
  }
  if (logits?.shape.length !== 1) {
    const shape = last ? formatShape(last.shape) : 'no layer'
    return [
      { where, message: `expected one row of ${takes === 'linear' ? 'outputs' : 'logits'} a sample, got ${shape}` },
    ]
  }
  if (logits.layer.kind === 'input') return [{ where, message: 'expected a layer besides the input' }]
  if (takes !== 'linear' && last?.inputs[0] !== nodes.length - 2)
    return [{ where, message: `the final ${takes} must come right behind the layer that it reads` }]
  return []
}

/** The layers from the first unreadable one on can't be read without its shape; those of unknown kinds are named at least. */
function unknownLayers(rest: readonly TopologyLayer[]): Issue[] {
  const unknown = rest.filter(({ className }) => !isKnown(className))
  return unknown.flatMap((layer) => {
    const issues: Issue[] = []
    readLayer({ ...layer, inputShape: [], inputShapes: [] }, issues, { next: 0 })
    return issues
  })
}

function addLayer(
  source: TopologyLayer,
  inputs: readonly number[],
  nodes: GraphNode[],
  issues: Issue[],
  streams: { next: number },
): number | undefined {
  const [inputShape, ...otherShapes] = inputs.flatMap((index) => (nodes[index] ? [nodes[index].shape] : []))
  const trainable = flagAt(source.config, 'trainable', true)
  if (isNested(source.className)) {
    readLayer({ ...source, inputShape: [], inputShapes: [] }, issues, streams)
    return undefined
  }
  if (source.className === 'InputLayer' || inputShape === undefined) {
    const shape = batchInputShape(source)
    if (!shape || shape.length < 1 || shape.length > 3) {
      const message = shape
        ? `expected samples of one to three axes, got ${formatShape(shape)}`
        : 'the shape of the input is not known: give the first layer an inputShape'
      issues.push({ where: source.name, message })
      return undefined
    }
    nodes.push({ name: source.name, trainable, layer: { kind: 'input' }, inputs: [], weights: {}, shape })
    if (source.className === 'InputLayer') return nodes.length - 1
    return addLayer(source, [nodes.length - 1], nodes, issues, streams)
  }
  const read = readLayer({ ...source, inputShape, inputShapes: [inputShape, ...otherShapes] }, issues, streams)
  return read && pushLayer(source, read, inputs, trainable, nodes)
}

/** One layer as the one to three nodes that it is: the first half of a separable convolution, itself, its activation. */
function pushLayer(
  { name }: TopologyLayer,
  { layer, before, roles, rules = {}, activation }: ReadLayer,
  inputs: readonly number[],
  trainable: boolean,
  nodes: GraphNode[],
): number {
  let from = inputs
  if (before) {
    const weights = weightNames(name, before.layer, nodes[from[0] ?? -1])
    const { rules: ownRules = {} } = before
    from = [
      push(nodes, { name: `${name}/depthwise`, trainable, weights, rules: ownRules, layer: before.layer, inputs }),
    ]
  }
  const weights = weightNames(name, layer, nodes[from[0] ?? -1], roles)
  const place = push(nodes, { name, trainable, weights, rules, layer, inputs: from })
  if (activation.activation === 'linear') return place
  return push(nodes, {
    layer: { kind: 'activation', ...activation },
    inputs: [place],
    name: layer.kind === 'activation' ? name : `${name}/${activation.activation}`,
    trainable: true,
    weights: {},
  })
}

/** Adds a node and gives its place. */
function push(nodes: GraphNode[], node: Omit<GraphNode, 'shape'>): number {
  const [first = 0] = node.inputs
  // An Activation layer of its own is no more than its activation, and a second relu changes nothing.
  if (node.layer.kind === 'activation' && node.layer.activation === 'linear') return first
  if (isRelu(node.layer) && isRelu(nodes[first]?.layer)) return first
  const [shape = [], ...others] = node.inputs.map((index) => nodes[index]?.shape ?? [])
  nodes.push({ ...node, shape: layerShape(node.layer, shape, others) })
  return nodes.length - 1
}

function isRelu(layer: Layer | undefined): boolean {
  return layer?.kind === 'activation' && layer.activation === 'relu'
}

/** The names of a layer's weights by role, as tfjs-layers makes them; `roles` says which roles have other names there. */
function weightNames(
  name: string,
  layer: Layer,
  input: GraphNode | undefined,
  roles: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const own = Object.keys(weightShapes(layer, input?.shape ?? []))
  return Object.fromEntries(own.map((role) => [role, `${name}/${roles[role] ?? role}`]))
}

function batchInputShape(source: TopologyLayer): Shape | undefined {
  const shape = source.config.batch_input_shape ?? source.config.batchInputShape
  if (!Array.isArray(shape)) return undefined
  const sizes: unknown[] = shape.slice(1)
  return sizes.every((size) => typeof size === 'number') ? sizes : undefined
}

/** toJSON gives the model itself, a saved model.json wraps it in `model_config`. */
function modelOf(topology: Fields): Fields {
  return isFields(topology.model_config) ? topology.model_config : topology
}

function topologyLayers(topology: Fields, issues: Issue[]): TopologyLayer[] {
  const className = textAt(topology, 'class_name', 'model')
  const config = topology.config
  if (className === 'Sequential') {
    const list = Array.isArray(config)
      ? config
      : listAt(fieldsAt(topology, 'config', 'model'), 'layers', 'model.config')
    const layers = list.map((entry: unknown) => sequentialLayer(entry))
    return layers.map((layer, i) => ({ ...layer, inputs: i === 0 ? [] : [layers[i - 1]?.name ?? ''] }))
  }
  return functionalLayers(fieldsAt(topology, 'config', 'model'), issues)
}

function sequentialLayer(entry: unknown): Omit<TopologyLayer, 'inputs'> {
  const fields = isFields(entry) ? entry : {}
  const config = fieldsAt(fields, 'config', 'layer')
  return { className: textAt(fields, 'class_name', 'layer'), name: textAt(config, 'name', 'layer'), config }
}

function functionalLayers(config: Fields, issues: Issue[]): TopologyLayer[] {
  const outputs = listAt(config, 'output_layers', 'model.config')
  if (outputs.length !== 1) issues.push({ where: 'model', message: `expected one output, got ${outputs.length}` })
  const first: unknown = outputs[0]
  const output = Array.isArray(first) ? first[0] : undefined
  const layers = listAt(config, 'layers', 'model.config').map((entry: unknown) => {
    const layer = sequentialLayer(entry)
    const calls = isFields(entry) ? listAt(entry, 'inbound_nodes', layer.name) : []
    if (calls.length > 1) issues.push({ where: layer.name, message: 'a layer that is used more than once' })
    const first: unknown = calls[0]
    const inputs = Array.isArray(first)
      ? first.flatMap((call: unknown) => (Array.isArray(call) && typeof call[0] === 'string' ? [call[0]] : []))
      : []
    return { ...layer, inputs }
  })
  if (!layers.some(({ name }) => name === output))
    issues.push({ where: 'model', message: `its output "${String(output)}" is no layer of the model` })
  return inOrder(layers, String(output))
}
