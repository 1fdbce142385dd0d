import { formatShape, type Issue, isGichoError, type ModelSpec, type Shape } from '@gicho/core'
import { graphIssues } from './check-graph.ts'
import { type Fields, fieldsAt, flagAt, isFields, listAt, textAt } from './fields.ts'
import type { Graph, GraphNode, Layer } from './graph.ts'
import { layerShape } from './layer-shape.ts'
import { isKnown, readLayer } from './read-layer.ts'
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
 * Reads a tfjs-layers model, sequential or functional, into nodes. The final softmax is taken off: training works on the
 * logits, and the session puts the softmax back for predictions. A topology that tfjs-layers wouldn't write is an issue too.
 */
export function readGraph(model: ModelSpec): ReadResult {
  try {
    return readTopology(model)
  } catch (error) {
    if (!isGichoError(error, 'bad-data')) throw error
    return { issues: [{ where: 'model', message: error.message }] }
  }
}

function readTopology(model: ModelSpec): ReadResult {
  const issues: Issue[] = []
  const layers = topologyLayers(modelOf(model.topology), issues)
  const nodes: GraphNode[] = []
  const places = new Map<string, number>()
  const streams = { next: 0 }
  for (const layer of layers) {
    const inputs = layer.inputs.flatMap((name) => places.get(name) ?? [])
    const inputShape = nodes[inputs[0] ?? -1]?.shape
    if (!addLayer(layer, inputs, inputShape, nodes, issues, streams)) {
      return { issues: [...issues, ...unknownLayers(layers.slice(layers.indexOf(layer) + 1))] }
    }
    places.set(layer.name, nodes.length - 1)
  }
  const last = nodes.at(-1)
  if (last?.layer.kind !== 'activation' || last.layer.activation !== 'softmax') {
    issues.push({
      where: last?.name ?? 'model',
      message: 'the last layer must end in a softmax, which the loss takes together with the cross-entropy',
    })
  } else if (nodes.at(-2)?.shape.length !== 1) {
    issues.push({ where: last.name, message: `expected one row of logits a sample, got ${formatShape(last.shape)}` })
  }
  if (issues.length > 0) return { issues }
  const graph = { nodes: nodes.slice(0, -1) }
  issues.push(...graphIssues(graph))
  return issues.length > 0 ? { issues } : { graph, issues }
}

/** The layers from the first unreadable one on can't be read without its shape; those of unknown kinds are named at least. */
function unknownLayers(rest: readonly TopologyLayer[]): Issue[] {
  const unknown = rest.filter(({ className }) => !isKnown(className))
  return unknown.flatMap((layer) => {
    const issues: Issue[] = []
    readLayer({ ...layer, inputShape: [] }, issues, { next: 0 })
    return issues
  })
}

function addLayer(
  source: TopologyLayer,
  inputs: readonly number[],
  inputShape: Shape | undefined,
  nodes: GraphNode[],
  issues: Issue[],
  streams: { next: number },
): boolean {
  const base = { name: source.name, trainable: flagAt(source.config, 'trainable', true) }
  if (source.className === 'InputLayer' || inputShape === undefined) {
    const shape = batchInputShape(source)
    if (!shape) {
      issues.push({
        where: source.name,
        message: 'the shape of the input is not known: give the first layer an inputShape',
      })
      return false
    }
    nodes.push({ ...base, layer: { kind: 'input' }, inputs: [], weights: {}, shape })
    if (source.className === 'InputLayer') return true
    return addLayer(source, [nodes.length - 1], shape, nodes, issues, streams)
  }
  const read = readLayer({ ...source, inputShape }, issues, streams)
  if (!read) return false
  const weights = weightNames(source.name, read.layer, inputShape)
  push(nodes, { ...base, layer: read.layer, inputs, weights }, inputShape)
  if (read.activation !== 'linear') {
    const layer: Layer = { kind: 'activation', activation: read.activation }
    const name = read.layer.kind === 'activation' ? source.name : `${source.name}/${read.activation}`
    push(
      nodes,
      { layer, inputs: [nodes.length - 1], name, trainable: true, weights: {} },
      nodes.at(-1)?.shape ?? inputShape,
    )
  }
  return true
}

function push(nodes: GraphNode[], node: Omit<GraphNode, 'shape'>, inputShape: Shape): void {
  // An Activation layer of its own is no more than its activation, and a second relu changes nothing.
  const before = nodes[node.inputs[0] ?? -1]?.layer
  if (node.layer.kind === 'activation' && node.layer.activation === 'linear') return
  if (isRelu(node.layer) && isRelu(before)) return
  nodes.push({ ...node, shape: layerShape(node.layer, inputShape) })
}

function isRelu(layer: Layer | undefined): boolean {
  return layer?.kind === 'activation' && layer.activation === 'relu'
}

/** The names of a layer's weights by role, as tfjs-layers makes them. */
function weightNames(name: string, layer: Layer, input: Shape): Record<string, string> {
  return Object.fromEntries(Object.keys(weightShapes(layer, input)).map((role) => [role, `${name}/${role}`]))
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
  return listAt(config, 'layers', 'model.config').map((entry: unknown) => {
    const layer = sequentialLayer(entry)
    const calls = isFields(entry) ? listAt(entry, 'inbound_nodes', layer.name) : []
    if (calls.length > 1) issues.push({ where: layer.name, message: 'a layer that is used more than once' })
    const first: unknown = calls[0]
    const inputs = Array.isArray(first)
      ? first.flatMap((call: unknown) => (Array.isArray(call) && typeof call[0] === 'string' ? [call[0]] : []))
      : []
    return { ...layer, inputs }
  })
}
