/* What can't be run although each layer by itself is known: named before a session is opened. */
import { formatShape, type Issue, sizeOf } from '@gicho/core'
import { MOST_SIDE } from './fields.ts'
import type { Graph } from './graph.ts'

/** Values that one sample may have: 1 GiB of them. A step holds at least one such tensor and its gradient in 4 GiB. */
const MOST_VALUES = 2 ** 28

/** Everything in a graph that couldn't be run as it stands. */
export function graphIssues(graph: Graph): Issue[] {
  return graph.nodes.flatMap(({ name, inputs, shape }) => {
    if (shape.every((size) => Number.isInteger(size) && size >= 1)) {
      const side = Math.max(1, ...shape.slice(0, -1))
      if (side > MOST_SIDE)
        return [
          { where: name, message: `images of more than ${MOST_SIDE} rows or columns aren't compiled, got ${side}` },
        ]
      const values = sizeOf(shape)
      if (values <= MOST_VALUES) return []
      const bytes = `${((values * 4) / 2 ** 30).toFixed(1)} GiB`
      const message = `one sample of its output ${formatShape(shape)} takes ${bytes}, more than 1 GiB: make the layer or its input smaller`
      return [{ where: name, message }]
    }
    const input = formatShape(graph.nodes[inputs[0] ?? -1]?.shape ?? [])
    return [{ where: name, message: `nothing is left of ${input}: its output would have shape ${formatShape(shape)}` }]
  })
}
