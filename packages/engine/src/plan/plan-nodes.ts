/*
 * What a plan consists of besides its calls, whatever device runs them: the tensor and the gradient of every node, weights at their
 * addresses, memory of a step.
 */
import type { Graph, GraphNode } from '../graph/graph.ts'
import type { Buffer, Mask, Ref, Tensor, WeightRef } from '../ops/emitter.ts'
import { type FusedOp, keepFactor } from '../ops/op.ts'
import { paddedColumns } from '../ops/tensor.ts'
import type { TrainedWeight } from '../ops/weight-rules.ts'
import { type HalosOf, PlanTensors } from './plan-tensors.ts'
import type { WeightLayout } from './weight-layout.ts'

/** Where weights lie. */
export interface WeightPlaces {
  readonly layout: WeightLayout
  /** The buffer of each weight, at its address. */
  readonly weightBuffers: ReadonlyMap<string, Buffer>
}

/** How a device treats the nodes of a plan. */
export interface NodeRules {
  readonly batch: number
  readonly halosOf: HalosOf
  /** True when a node's output and its gradient lie as 16-bit floats; none does unless said. */
  isHalf?(index: number): boolean
  /** True when an op takes its producer's relu into the gradient that it writes. */
  masksInput(op: FusedOp): boolean
}

export class PlanNodes {
  readonly #graph: Graph
  readonly #places: WeightPlaces
  readonly #rules: NodeRules
  readonly #tensors: PlanTensors
  readonly #scratch = new Map<string, Buffer>()
  readonly #constant = new Map<number, boolean>()

  constructor(graph: Graph, ops: readonly FusedOp[], places: WeightPlaces, rules: NodeRules) {
    this.#graph = graph
    this.#places = places
    this.#rules = rules
    this.#tensors = new PlanTensors(graph, ops, rules.batch, rules.halosOf, (index) => rules.isHalf?.(index) ?? false)
  }

  /** Buffers whose halo has to be zeros before the first run. */
  get kept(): Buffer[] {
    return this.#tensors.kept
  }

  /** All weights that are trained. */
  trainedWeights(): TrainedWeight[] {
    return this.#graph.nodes.flatMap((node) =>
      Object.entries(node.weights).flatMap(([role, name]) => {
        const slot = this.#places.layout.slots.get(name)
        const buffer = this.#places.weightBuffers.get(name)
        if (!slot?.trainable || !buffer) return []
        const { bytes, panelBytes, shape } = slot
        const columns = paddedColumns(shape.at(-1) ?? 1)
        return [{ at: { buffer, offset: 0 }, bytes, panelBytes, columns, rule: node.rules?.[role] }]
      }),
    )
  }

  /**
   * Lets an op write the gradients of what it reads. Where a tensor has several readers, the first one's is written and those of the
   * others are given to `add`.
   */
  writeGradients(op: FusedOp, write: () => void, add: (from: Tensor, to: Tensor) => void): void {
    this.#tensors.redirect(op)
    write()
    for (const [index, tensor] of this.#tensors.endRedirection())
      if (!this.isConstant(index)) add(tensor, this.gradient(index))
  }

  output(index: number): Tensor {
    return this.#tensors.output(index)
  }

  gradient(index: number): Tensor {
    return this.#tensors.gradient(index)
  }

  isConstant(index: number): boolean {
    const known = this.#constant.get(index)
    if (known !== undefined) return known
    const op = this.#tensors.producer(index)
    const names = [...Object.values(op?.node.weights ?? {}), ...Object.values(op?.stem?.norm.weights ?? {})]
    const trained = names.some((name) => this.#places.layout.slots.get(name)?.trainable)
    const constant = !trained && (op?.inputs ?? []).every((at) => this.isConstant(at))
    this.#constant.set(index, constant)
    return constant
  }

  mask(index: number): Mask | undefined {
    const producer = this.#tensors.producer(index)
    const [only, second] = this.#tensors.consumers(index)
    if (producer?.relu !== true || !only || second || !this.#rules.masksInput(only)) return undefined
    return { tensor: this.output(index), keep: keepFactor(producer.dropout?.rate) }
  }

  weight(node: GraphNode, role: string): WeightRef | undefined {
    const name = node.weights[role]
    const slot = name === undefined ? undefined : this.#places.layout.slots.get(name)
    const buffer = name === undefined ? undefined : this.#places.weightBuffers.get(name)
    if (!slot || !buffer) return undefined
    return { name: slot.name, at: { buffer, offset: 0 }, panelBytes: slot.panelBytes, trainable: slot.trainable }
  }

  scratch(name: string, bytes: number, half = false): Ref {
    const made: Buffer = { name, bytes: bytes + 64, kind: 'step', address: 0, ...(half ? { half } : {}) }
    const buffer = this.#scratch.get(name) ?? made
    this.#scratch.set(name, buffer)
    return { buffer, offset: 0 }
  }
}
