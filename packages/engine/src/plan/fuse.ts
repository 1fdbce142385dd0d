/*
 * Joins layers that one kernel computes together, or that work in place: an activation, or a relu and the dropout behind it, with
 * whatever comes before; a 2x2 max pool with the batch normalization before it, and both with a first convolution. What a fused
 * layer would have left in between is never written to memory. Activations whose gradient needs their input, and those behind a
 * tensor that others read too, stay ops.
 */
import type { ActivationForm, Graph, GraphNode } from '../graph/graph.ts'
import { isPacked } from '../graph/views.ts'
import { ACTIVATIONS_OF_INPUT } from '../ops/activation.ts'
import type { FusedOp } from '../ops/op.ts'

function poolsTwoByTwo(norm: GraphNode, pool: GraphNode): boolean {
  if (pool.layer.kind !== 'maxPool2d') return false
  const { poolSize, strides, padding } = pool.layer
  const even = (norm.shape[0] ?? 1) % 2 === 0 && (norm.shape[1] ?? 1) % 2 === 0
  return [...poolSize, ...strides].every((n) => n === 2) && (padding === 'same' || even)
}

function isRelu({ layer }: GraphNode): boolean {
  return layer.kind === 'activation' && layer.activation === 'relu'
}

/** A 3x3 convolution of the input image's lone channel. */
function startsStem(graph: Graph, node: GraphNode): boolean {
  const { layer } = node
  if (layer.kind !== 'conv2d' || !isPacked(graph, node.inputs[0] ?? -1)) return false
  return layer.kernelSize.every((size) => size === 3) && layer.dilation[1] === 1
}

/** Layers whose gradient reads their own output, which nothing may change then. */
function keepsOutput({ layer }: GraphNode): boolean {
  return layer.kind === 'globalMaxPool2d' || (layer.kind === 'activation' && layer.activation !== 'relu')
}

/** Another activation than relu that works in place. */
function fusable({ layer }: GraphNode): boolean {
  return layer.kind === 'activation' && layer.activation !== 'relu' && !ACTIVATIONS_OF_INPUT.has(layer.activation)
}

function formOf({ activation, alpha }: ActivationForm): ActivationForm {
  return { activation, alpha }
}

/** The ops of a graph, in its order; `stems` says whether a first convolution takes its normalization and pool in. */
export function fuse(graph: Graph, { stems = true }: { readonly stems?: boolean } = {}): FusedOp[] {
  const { nodes } = graph
  const consumers = nodes.map((_, index) => nodes.flatMap((node, at) => (node.inputs.includes(index) ? [at] : [])))
  const taken = new Set<number>()
  const ops: FusedOp[] = []

  /** The layer that alone reads node `index`'s output, if it is one that `accepts` takes: its index. */
  function next(index: number, accepts: (candidate: GraphNode) => boolean): number | undefined {
    const [only, second] = consumers[index] ?? []
    const candidate = nodes[only ?? -1]
    return second === undefined && candidate && accepts(candidate) ? only : undefined
  }

  /** Convolution, relu, normalization and pool from node `index` on, as indices, where they are a stem. */
  function stemAt(
    index: number,
    node: GraphNode,
  ): { relu?: number | undefined; norm: number; pool: number } | undefined {
    if (!stems || !startsStem(graph, node)) return undefined
    const relu = next(index, isRelu)
    const norm = next(relu ?? index, ({ layer }) => layer.kind === 'batchNorm')
    const normNode = nodes[norm ?? -1]
    const pool =
      norm === undefined || !normNode ? undefined : next(norm, (candidate) => poolsTwoByTwo(normNode, candidate))
    return norm === undefined || pool === undefined ? undefined : { relu, norm, pool }
  }

  nodes.forEach((node, index) => {
    if (taken.has(index)) return
    let output = index
    const take = (found: number | undefined): GraphNode | undefined => {
      if (found === undefined) return undefined
      taken.add(found)
      output = found
      return nodes[found]
    }
    const stem = stemAt(index, node)
    for (const part of stem ? [stem.relu, stem.norm, stem.pool] : []) take(part)
    const isNorm = node.layer.kind === 'batchNorm'
    const pool = take(isNorm ? next(output, (candidate) => poolsTwoByTwo(node, candidate)) : undefined) !== undefined
    // A relu, another activation or dropout that found no place behind another op is an op of its own, which copies its input.
    const drops = node.layer.kind === 'dropout'
    const free = !keepsOutput(node) && !drops
    const relu = isRelu(node) || (free && take(next(output, isRelu)) !== undefined)
    const own = fusable(node) ? node : undefined
    const activation = own ?? (free && !relu ? take(next(output, fusable)) : undefined)
    const follows = free && !activation ? take(next(output, ({ layer }) => layer.kind === 'dropout')) : undefined
    const dropout = drops ? node.layer : follows?.layer
    const norm = nodes[stem?.norm ?? -1]
    ops.push({
      node,
      inputs: node.inputs,
      output,
      relu,
      pool,
      ...(stem && norm ? { stem: { relu: stem.relu !== undefined, norm } } : {}),
      ...(activation?.layer.kind === 'activation' ? { activation: formOf(activation.layer) } : {}),
      ...(dropout?.kind === 'dropout' ? { dropout: { rate: dropout.rate, stream: dropout.stream } } : {}),
    })
  })
  return ops
}
