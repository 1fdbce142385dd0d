/*
 * What a plan consists of, as its ops ask for it: tensors, memory of a step, constants, weights at their addresses; and the calls that
 * they make, with what each reads and writes.
 */
import type { Graph, GraphNode } from '../graph/graph.ts'
import type {
  Buffer,
  CallArguments,
  DrawnInput,
  Emitter,
  Mask,
  PlanMode,
  Ref,
  Tensor,
  WeightRef,
} from '../ops/emitter.ts'
import { type KernelName, kernelWrites } from '../ops/kernel-table.ts'
import { type FusedOp, keepFactor } from '../ops/op.ts'
import { copyTensor, paddedColumns } from '../ops/tensor.ts'
import type { TrainedWeight } from '../ops/weight-rules.ts'
import { opOf } from './op-of.ts'
import { PlanTensors } from './plan-tensors.ts'
import type { Call } from './schedule.ts'
import type { WeightLayout } from './weight-layout.ts'

/** Addresses that plans share: data, weights, the optimizer's record. */
export interface PlanMemory {
  readonly images: Ref
  readonly labels: Ref
  readonly byteTable: Ref
  readonly sampleWeights: Ref | undefined
  readonly drawn: DrawnInput | undefined
  readonly sums: Ref
  readonly update: Ref
  /** Records of weights with a penalty, by weight; the others share `update`. */
  readonly updates: ReadonlyMap<string, Ref>
  readonly layout: WeightLayout
  /** The buffer of each weight, at its address. */
  readonly weightBuffers: ReadonlyMap<string, Buffer>
  readonly outputs: Ref
}

/** Words to be written once before the plan runs. */
export interface Constant {
  readonly buffer: Buffer
  readonly words: Int32Array
}

/** Collects the calls of one plan. */
export class PlanEmitter implements Emitter {
  readonly mode: PlanMode
  readonly batch: number
  readonly seed: number
  readonly images: Ref
  readonly labels: Ref
  readonly byteTable: Ref
  readonly sampleWeights: Ref | undefined
  readonly drawn: DrawnInput | undefined
  readonly sums: Ref
  readonly update: Ref
  readonly calls: Call[] = []
  readonly #graph: Graph
  readonly #memory: PlanMemory
  readonly #tensors: PlanTensors
  readonly #scratch = new Map<string, Buffer>()
  readonly #constants = new Map<string, Constant>()
  readonly #constant = new Map<number, boolean>()

  constructor(
    graph: Graph,
    ops: readonly FusedOp[],
    memory: PlanMemory,
    options: Pick<Emitter, 'mode' | 'batch' | 'seed'>,
  ) {
    this.mode = options.mode
    this.batch = options.batch
    this.seed = options.seed
    this.images = memory.images
    this.labels = memory.labels
    this.byteTable = memory.byteTable
    this.sampleWeights = memory.sampleWeights
    this.drawn = memory.drawn
    this.sums = memory.sums
    this.update = memory.update
    this.#graph = graph
    this.#memory = memory
    this.#tensors = new PlanTensors(graph, ops, options.batch)
  }

  get constantWords(): Constant[] {
    return [...this.#constants.values()]
  }

  /** Buffers whose halo has to be zeros before the first run. */
  get kept(): Buffer[] {
    return this.#tensors.kept
  }

  /** All weights that are trained. */
  trainedWeights(): TrainedWeight[] {
    return this.#graph.nodes.flatMap((node) =>
      Object.entries(node.weights).flatMap(([role, name]) => {
        const slot = this.#memory.layout.slots.get(name)
        const buffer = this.#memory.weightBuffers.get(name)
        if (!slot?.trainable || !buffer) return []
        const { bytes, panelBytes, shape } = slot
        const columns = paddedColumns(shape.at(-1) ?? 1)
        return [{ at: { buffer, offset: 0 }, bytes, panelBytes, columns, rule: node.rules?.[role] }]
      }),
    )
  }

  /**
   * Lets an op write the gradients of what it reads. Where a tensor has several readers, the first one's is written and those of the
   * others are added to it.
   */
  addGradients(op: FusedOp, write: () => void): void {
    this.#tensors.redirect(op)
    write()
    for (const [index, tensor] of this.#tensors.endRedirection())
      if (!this.isConstant(index)) copyTensor(this, tensor, this.gradient(index), { add: true })
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
    const trained = names.some((name) => this.#memory.layout.slots.get(name)?.trainable)
    const constant = !trained && (op?.inputs ?? []).every((at) => this.isConstant(at))
    this.#constant.set(index, constant)
    return constant
  }

  mask(index: number): Mask | undefined {
    const producer = this.#tensors.producer(index)
    const [only, second] = this.#tensors.consumers(index)
    if (producer?.relu !== true || !only || second || opOf(only).masksInput !== true) return undefined
    return { tensor: this.output(index), keep: keepFactor(producer.dropout?.rate) }
  }

  weight(node: GraphNode, role: string): WeightRef | undefined {
    const name = node.weights[role]
    const slot = name === undefined ? undefined : this.#memory.layout.slots.get(name)
    const buffer = name === undefined ? undefined : this.#memory.weightBuffers.get(name)
    if (!slot || !buffer) return undefined
    return { name: slot.name, at: { buffer, offset: 0 }, panelBytes: slot.panelBytes, trainable: slot.trainable }
  }

  scratch(name: string, bytes: number): Ref {
    const buffer: Buffer = this.#scratch.get(name) ?? { name, bytes: bytes + 64, kind: 'step', address: 0 }
    this.#scratch.set(name, buffer)
    return { buffer, offset: 0 }
  }

  constants(name: string, words: readonly number[]): Ref {
    const constant: Constant = this.#constants.get(name) ?? {
      buffer: { name, bytes: words.length * 4, kind: 'kept', address: 0 },
      words: Int32Array.from(words),
    }
    this.#constants.set(name, constant)
    return { buffer: constant.buffer, offset: 0 }
  }

  call<K extends KernelName>(kernel: K, tiles: number, args: CallArguments<K>): void {
    const written = kernelWrites[kernel]
    const own = this.#ownUpdate(args)
    const given: CallArguments<K> = own ? { ...args, update: own } : args
    const writes: Buffer[] = []
    const reads: Buffer[] = []
    for (const [name, value] of Object.entries<number | Ref | undefined>(given)) {
      if (typeof value !== 'object') continue
      ;(written.includes(name) ? writes : reads).push(value.buffer)
    }
    this.calls.push({ kernel, tiles, args: given, writes, reads })
  }

  /** A weight with a penalty has a record of its own. */
  #ownUpdate(args: Readonly<Record<string, number | Ref | undefined>>): Ref | undefined {
    const { w, update } = args
    return typeof w === 'object' && typeof update === 'object' && update === this.update
      ? this.#memory.updates.get(w.buffer.name)
      : undefined
  }
}
