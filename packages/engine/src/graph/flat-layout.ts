/*
 * Images lie in memory with their channels padded to fours, and a Flatten is a view of them: so its values have gaps, unless the
 * channels are a multiple of four. A Dense layer behind it spreads its rows accordingly; others would count the gaps.
 */
import { sizeOf } from '@gicho/core'
import type { Graph } from './graph.ts'

/** A lone channel of the input image stays packed when only products read it: their rows are then contiguous. */
export function isPacked(graph: Graph, index: number): boolean {
  const node = graph.nodes[index]
  if (node?.layer.kind !== 'input' || node.shape.at(-1) !== 1) return false
  return graph.nodes.every(
    (other) => !other.inputs.includes(index) || ['conv2d', 'dense', 'flatten'].includes(other.layer.kind),
  )
}

/** The node in whose layout these values lie: in front of a Flatten, and of what follows it value by value. */
export function layoutSource(graph: Graph, index: number): number {
  const node = graph.nodes[index]
  const before = node?.inputs[0] ?? 0
  if (node?.layer.kind === 'flatten') return layoutSource(graph, before)
  if (node?.layer.kind !== 'activation' && node?.layer.kind !== 'dropout') return index
  const source = layoutSource(graph, before)
  return source === before ? index : source
}

/** True when there are gaps between the values of a node. */
export function hasGaps(graph: Graph, index: number): boolean {
  const source = layoutSource(graph, index)
  const shape = graph.nodes[source]?.shape ?? []
  if (source === index) return false
  if (isPacked(graph, source)) return sizeOf(shape) % 4 !== 0
  const channels = shape.at(-1) ?? 1
  return channels % 4 !== 0 && sizeOf(shape) > channels
}
