/* What can't be run although each layer by itself is known: named before a session is opened. */
import { formatShape, type Issue } from '@gicho/core'
import type { Graph } from './graph.ts'

/** Everything in a graph that couldn't be run as it stands. */
export function graphIssues(graph: Graph): Issue[] {
  return graph.nodes.flatMap(({ name, inputs, shape }) => {
    if (shape.every((size) => Number.isInteger(size) && size >= 1)) return []
    const input = formatShape(graph.nodes[inputs[0] ?? -1]?.shape ?? [])
    return [{ where: name, message: `nothing is left of ${input}: its output would have shape ${formatShape(shape)}` }]
  })
}
