/*
 * Joins layers that one kernel computes together: a relu and the dropout behind it with whatever comes before, a 2x2 max pool with
 * the batch normalization before it. What a fused layer would have left in between is never written to memory.
 */
import type { Graph, GraphNode } from '../graph/graph.ts'
import type { FusedOp } from '../ops/op.ts'

function poolsTwoByTwo(norm: GraphNode, pool: GraphNode): boolean {
  if (pool.layer.kind !== 'maxPool2d') return false
  const { poolSize, strides, padding } = pool.layer
  const even = (norm.shape[0] ?? 1) % 2 === 0 && (norm.shape[1] ?? 1) % 2 === 0
  return [...poolSize, ...strides].every((n) => n === 2) && (padding === 'same' || even)
}

/** The ops of a graph, in its order. */
export function fuse(graph: Graph): FusedOp[] {
  const consumers = graph.nodes.map((_, index) =>
    graph.nodes.flatMap((node, at) => (node.inputs.includes(index) ? [at] : [])),
  )
  const taken = new Set<number>()
  const ops: FusedOp[] = []
  graph.nodes.forEach((node, index) => {
    if (taken.has(index)) return
    let output = index
    /** The only layer that reads the op's output so far, if it is of this kind. */
    const next = (accepts: (candidate: GraphNode) => boolean): GraphNode | undefined => {
      const [only, second] = consumers[output] ?? []
      const candidate = only === undefined || second !== undefined ? undefined : graph.nodes[only]
      if (only === undefined || !candidate || !accepts(candidate)) return undefined
      taken.add(only)
      output = only
      return candidate
    }
    const pool = node.layer.kind === 'batchNorm' && next((candidate) => poolsTwoByTwo(node, candidate)) !== undefined
    const relu = next(({ layer }) => layer.kind === 'activation' && layer.activation === 'relu') !== undefined
    const dropout = next(({ layer }) => layer.kind === 'dropout')?.layer
    const op = { node, inputs: node.inputs, output, relu, pool }
    ops.push(dropout?.kind === 'dropout' ? { ...op, dropout: { rate: dropout.rate, stream: dropout.stream } } : op)
  })
  return ops
}
