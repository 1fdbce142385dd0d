/* The calls that the ops of a plan make, with what each reads and writes, and the constants that they ask for. */
import type { Graph } from '../graph/graph.ts'
import type { Buffer, CallArguments, DrawnInput, Emitter, PlanMode, Ref } from '../ops/emitter.ts'
import { type KernelName, kernelWrites } from '../ops/kernel-table.ts'
import type { FusedOp } from '../ops/op.ts'
import { copyTensor } from '../ops/tensor.ts'
import { opOf } from './op-of.ts'
import { PlanNodes, type WeightPlaces } from './plan-nodes.ts'
import type { Call } from './schedule.ts'

/** Addresses that plans share: data, weights, the optimizer's record. */
export interface PlanMemory extends WeightPlaces {
  readonly images: Ref
  readonly labels: Ref
  readonly byteTable: Ref
  readonly sampleWeights: Ref | undefined
  readonly drawn: DrawnInput | undefined
  readonly sums: Ref
  readonly update: Ref
  /** Records of weights with a penalty, by weight; the others share `update`. */
  readonly updates: ReadonlyMap<string, Ref>
  readonly outputs: Ref
}

/** Words to be written once before the plan runs. */
export interface Constant {
  readonly buffer: Buffer
  readonly words: Int32Array
}

/** Collects the calls of one plan. */
export class PlanEmitter extends PlanNodes implements Emitter {
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
  readonly #updates: ReadonlyMap<string, Ref>
  readonly #constants = new Map<string, Constant>()

  constructor(
    graph: Graph,
    ops: readonly FusedOp[],
    memory: PlanMemory,
    options: Pick<Emitter, 'mode' | 'batch' | 'seed'>,
  ) {
    const masksInput = (op: FusedOp): boolean => opOf(op).masksInput === true
    super(graph, ops, memory, { batch: options.batch, halosOf: opOf, masksInput })
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
    this.#updates = memory.updates
  }

  get constantWords(): Constant[] {
    return [...this.#constants.values()]
  }

  /** Lets an op write the gradients of what it reads; those of a tensor's further readers are added to the first one's. */
  addGradients(op: FusedOp, write: () => void): void {
    this.writeGradients(op, write, (from, to) => copyTensor(this, from, to, { add: true }))
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
      ? this.#updates.get(w.buffer.name)
      : undefined
  }
}
