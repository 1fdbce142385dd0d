/* What the compiled kernels can't do although each layer by itself is known: named before a session is opened. */
import { formatShape, type Issue, sizeOf } from '@gicho/core'
import { hasGaps } from './flat-layout.ts'
import type { Graph, GraphNode } from './graph.ts'

/** Winners of a pool are kept as bytes. */
const MAX_POOL_PLACES = 256

/** Everything in a graph that couldn't be run as it stands. */
export function graphIssues(graph: Graph): Issue[] {
  return graph.nodes.flatMap((node, index) => {
    const message = problem(graph, node, index)
    return message === undefined ? [] : [{ where: node.name, message }]
  })
}

function problem(graph: Graph, node: GraphNode, index: number): string | undefined {
  const { layer, shape } = node
  const input = graph.nodes[node.inputs[0] ?? -1]
  if (shape.some((size) => !Number.isInteger(size) || size < 1))
    return `nothing is left of ${formatShape(input?.shape ?? [])}: its output would have shape ${formatShape(shape)}`
  switch (layer.kind) {
    case 'conv2d':
      if (input?.shape.length !== 3) return `expected images, got samples of shape ${formatShape(input?.shape ?? [])}`
      return layer.strides.some((stride) => stride !== 1) && isTrained(graph, node.inputs)
        ? "strides behind layers that are trained aren't compiled yet: only in the first of them"
        : undefined
    case 'maxPool2d':
      if (input?.shape.length !== 3) return `expected images, got samples of shape ${formatShape(input?.shape ?? [])}`
      return sizeOf(layer.poolSize) > MAX_POOL_PLACES
        ? `pools of more than ${MAX_POOL_PLACES} places aren't compiled`
        : undefined
    case 'batchNorm':
      if (!node.trainable && isTrained(graph, node.inputs))
        return "a frozen BatchNormalization behind layers that are trained isn't compiled yet"
      return hasGaps(graph, node.inputs[0] ?? 0) ? behindFlatten('BatchNormalization') : undefined
    case 'dropout':
      if (!(layer.rate >= 0 && layer.rate < 1)) return `expected a rate from 0 up to but not 1, got ${layer.rate}`
      return hasGaps(graph, node.inputs[0] ?? 0) ? behindFlatten('Dropout') : undefined
    case 'activation':
      if (layer.activation === 'softmax') return 'a softmax is compiled only at the end of the model'
      return lastBehindFlatten(graph, index)
    case 'flatten':
      return lastBehindFlatten(graph, index)
    case 'input':
    case 'dense':
      return undefined
    default:
      return layer satisfies never
  }
}

function behindFlatten(what: string): string {
  return `${what} behind a Flatten of images whose channels aren't a multiple of 4 isn't compiled: put it before the Flatten`
}

function lastBehindFlatten(graph: Graph, index: number): string | undefined {
  const last = index === graph.nodes.length - 1
  return last && hasGaps(graph, index)
    ? "logits that are flattened images whose channels aren't a multiple of 4 aren't compiled: end in a Dense layer"
    : undefined
}

/** True when something that is trained lies at or before these nodes. */
function isTrained(graph: Graph, inputs: readonly number[]): boolean {
  return inputs.some((index) => {
    const node = graph.nodes[index]
    if (!node) return false
    const own = Object.keys(node.weights).some((role) => !role.startsWith('moving_'))
    return (node.trainable && own) || isTrained(graph, node.inputs)
  })
}
