/*
 * Joins layers that one kernel computes together, or that work in place: an activation, or a relu and the dropout behind it, with
 * whatever comes before; a 2x2 max pool with the batch normalization before it. What a fused layer would have left in between is
 * never written to memory. Activations whose gradient needs their input, and those behind a tensor that others read too, stay ops.
 */
import type { Graph, GraphNode } from '../graph/graph.ts'
import { ACTIVATIONS_OF_INPUT } from '../ops/activation.ts'
import type { FusedOp } from '../ops/op.ts'

function poolsTwoByTwo(norm: GraphNode, pool: GraphNode): boolean {
  if (pool.layer.kind !== 'maxPool2d') return false
  const { poolSize, strides, padding } = pool.layer
  const even = (norm.shape[0] ?? 1) % 2 === 0 && (norm.shape[1] ?? 1) % 2 === 0
  return [...poolSize, ...strides].every((n) => n === 2) && (padding === 'same' || even)
}

/** Layers whose gradient reads their own output, which nothing may change then. */
function keepsOutput({ layer }: GraphNode): boolean {
  return layer.kind === 'globalMaxPool2d' || (layer.kind === 'activation' && layer.activation !== 'relu')
}

function fusable({ layer }: GraphNode): boolean {
  return layer.kind === 'activation' && layer.activation !== 'relu' && !ACTIVATIONS_OF_INPUT.has(layer.activation)
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
    const { layer } = node
    const own = layer.kind === 'activation' && !ACTIVATIONS_OF_INPUT.has(layer.activation) ? layer : undefined
    const pool = layer.kind === 'batchNorm' && next((candidate) => poolsTwoByTwo(node, candidate)) !== undefined
    const free = !keepsOutput(node) && layer.kind !== 'dropout'
    const relu = own?.activation === 'relu' || (free && next(isRelu) !== undefined)
    const behind = free && !relu ? next(fusable)?.layer : undefined
    const activation = behind?.kind === 'activation' ? behind : own?.activation === 'relu' ? undefined : own
    const dropped = layer.kind === 'dropout' ? layer : undefined
    const dropout =
      dropped ?? (free && !activation ? next((candidate) => candidate.layer.kind === 'dropout')?.layer : undefined)
    ops.push({
      node,
      inputs: node.inputs,
      output,
      relu,
      pool,
      ...(activation ? { activation: { activation: activation.activation, alpha: activation.alpha } } : {}),
      ...(dropout?.kind === 'dropout' ? { dropout: { rate: dropout.rate, stream: dropout.stream } } : {}),
    })
  })
  return ops
}

function isRelu({ layer }: GraphNode): boolean {
  return layer.kind === 'activation' && layer.activation === 'relu'
}
