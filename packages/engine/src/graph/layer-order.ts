/* The order in which the layers of a functional model are read. */

/** A layer with the names of those that it reads. */
interface Reading {
  readonly name: string
  readonly inputs: readonly string[]
}

/**
 * Each layer behind those that it reads, `output` last. Inputs and random layers keep the order of the list, which numbers the random
 * streams. Of layers that read each other in a circle one stands before its input.
 */
export function inOrder<L extends Reading>(layers: readonly L[], output: string): L[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  if (byName.size < layers.length) return [...layers]
  const order = new Map<string, L>()
  const met = new Set<string>()
  for (const first of layers) {
    // A list of our own: a long chain of layers would be too deep for calls.
    const stack = [first]
    for (let layer = stack.at(-1); layer; layer = stack.at(-1)) {
      const waiting: L | undefined = nextInput(layer, byName, met)
      met.add(layer.name)
      if (waiting) stack.push(waiting)
      else {
        order.set(layer.name, layer)
        stack.pop()
      }
    }
  }
  const last = order.get(output)
  if (!last) return [...order.values()]
  order.delete(output)
  return [...order.values(), last]
}

/** The first layer that this one reads and that nobody has met yet. */
function nextInput<L extends Reading>(
  layer: L,
  byName: ReadonlyMap<string, L>,
  met: ReadonlySet<string>,
): L | undefined {
  for (const name of layer.inputs) {
    const input = byName.get(name)
    if (input && input !== layer && !met.has(name)) return input
  }
  return undefined
}
