/*
 * Which Flatten costs nothing: rows of images are rows of values already, so a Dense layer behind it reads the image in place. The
 * padding of its channels then stays between the values, and meets zero weights; nothing but a Dense layer can take that.
 */
import type { Graph } from './graph.ts'

function consumers(graph: Graph, index: number): number[] {
  return graph.nodes.flatMap((node, at) => (node.inputs.includes(index) ? [at] : []))
}

function isInPlace(graph: Graph, index: number): boolean {
  const layer = graph.nodes[index]?.layer
  return layer?.kind === 'dropout' || (layer?.kind === 'activation' && layer.activation === 'relu')
}

/** True when node `index` is a Flatten whose output is its input's memory. */
export function isView(graph: Graph, index: number): boolean {
  const node = graph.nodes[index]
  if (node?.layer.kind !== 'flatten') return false
  const source = node.inputs[0] ?? 0
  if (consumers(graph, source).length !== 1) return false
  let reader = consumers(graph, index)
  let changed = false
  while (reader.length === 1 && isInPlace(graph, reader[0] ?? 0)) {
    changed = true
    reader = consumers(graph, reader[0] ?? 0)
  }
  const last = graph.nodes[reader[0] ?? -1]
  if (reader.length > 1 || last?.layer.kind !== 'dense') return false
  // What is changed in place must be whole vectors, and nobody's for the gradient.
  return !changed || ((node.shape[0] ?? 0) > 0 && mayChange(graph, source))
}

function mayChange(graph: Graph, source: number): boolean {
  const node = graph.nodes[source]
  const free = ['conv2d', 'batchNorm', 'maxPool2d'].includes(node?.layer.kind ?? '') || isInPlace(graph, source)
  return free && (node?.shape.at(-1) ?? 1) % 4 === 0
}

/** A lone channel of the input image stays packed when only products read it: their rows are then contiguous. */
export function isPacked(graph: Graph, index: number): boolean {
  const node = graph.nodes[index]
  if (node?.layer.kind !== 'input' || node.shape.at(-1) !== 1) return false
  return graph.nodes.every(
    (other) => !other.inputs.includes(index) || ['conv2d', 'dense', 'flatten'].includes(other.layer.kind),
  )
}

/** The node in whose layout these values lie: the image before a Flatten that is a view, also behind what works in place on that. */
export function layoutSource(graph: Graph, index: number): number {
  let source = index
  while (isInPlace(graph, source)) source = graph.nodes[source]?.inputs[0] ?? 0
  return isView(graph, source) ? layoutSource(graph, graph.nodes[source]?.inputs[0] ?? 0) : index
}
