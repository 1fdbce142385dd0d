/* The tensors of a plan, made when they are first asked for: each node's output, with the halo that its readers want, and its gradient. */
import type { Graph } from '../graph/graph.ts'
import { isPacked, isView } from '../graph/views.ts'
import { type Buffer, type Halo, NO_HALO, type Tensor } from '../ops/emitter.ts'
import type { FusedOp, ImageSize, Op } from '../ops/op.ts'
import { flatTensor, hasHalo, imageOf, joinHalos, makeTensor } from '../ops/tensor.ts'

/** The zeros that an op wants around what it reads, and around the gradient that it reads. */
export type HalosOf = (op: FusedOp) => Pick<Op, 'inputHalo' | 'gradientHalo'>

export class PlanTensors {
  readonly #graph: Graph
  readonly #ops: readonly FusedOp[]
  readonly #batch: number
  readonly #halosOf: HalosOf
  readonly #isHalf: (index: number) => boolean
  readonly #outputs = new Map<number, Tensor>()
  readonly #gradients = new Map<number, Tensor>()
  readonly #halos = new Map<number, Halo>()
  /** Nodes whose gradient a reader has written already. */
  readonly #written = new Set<number>()
  /** Where the op at work writes gradients that are then added to what is there. */
  readonly #redirected = new Map<number, Tensor>()

  /** @param isHalf whether a node's output and its gradient lie as 16-bit floats */
  constructor(
    graph: Graph,
    ops: readonly FusedOp[],
    batch: number,
    halosOf: HalosOf,
    isHalf: (index: number) => boolean,
  ) {
    this.#graph = graph
    this.#ops = ops
    this.#batch = batch
    this.#halosOf = halosOf
    this.#isHalf = isHalf
    for (const op of ops) {
      const halo = halosOf(op).inputHalo?.(op, this.#inputSize(op))
      for (const index of halo ? op.inputs : [])
        this.#halos.set(index, joinHalos(this.#halos.get(index) ?? NO_HALO, halo ?? NO_HALO))
    }
  }

  /** Buffers whose halo has to be zeros before the first run. */
  get kept(): Buffer[] {
    const buffers = [...this.#outputs.values(), ...this.#gradients.values()].map(({ at }) => at.buffer)
    return [...new Set(buffers.filter(({ kind }) => kind === 'kept'))]
  }

  /** The op that gives a node's output. */
  producer(index: number): FusedOp | undefined {
    return this.#ops.find((op) => op.output === index)
  }

  /** The ops that read it. */
  consumers(index: number): FusedOp[] {
    return this.#ops.filter((op) => op.inputs.includes(index))
  }

  output(index: number): Tensor {
    const known = this.#outputs.get(index)
    if (known) return known
    const node = this.#graph.nodes[index]
    const producer = this.producer(index)
    const tensor =
      producer && this.#isView(producer)
        ? flatTensor(this.output(producer.inputs[0] ?? 0))
        : makeTensor(node?.name ?? '', this.#batch, node?.shape ?? [], {
            halo: this.#halos.get(index),
            packed: isPacked(this.#graph, index),
            half: this.#isHalf(index),
          })
    this.#outputs.set(index, tensor)
    return tensor
  }

  gradient(index: number): Tensor {
    const known = this.#redirected.get(index) ?? this.#gradients.get(index)
    if (known) return known
    const producer = this.producer(index)
    const halo = producer && this.#halosOf(producer).gradientHalo?.(producer, this.#inputSize(producer))
    const name = `d ${this.#graph.nodes[index]?.name ?? ''}`
    const tensor =
      producer && this.#isView(producer)
        ? this.#viewGradient(producer.inputs[0] ?? 0)
        : makeTensor(name, this.#batch, this.#graph.nodes[index]?.shape ?? [], {
            halo,
            half: this.#isHalf(index),
          })
    this.#gradients.set(index, tensor)
    return tensor
  }

  /** The gradient of a view: its input's memory too, unless that has a halo between its rows. */
  #viewGradient(input: number): Tensor {
    const dx = this.gradient(input)
    const node = this.#graph.nodes[input]
    return flatTensor(
      hasHalo(dx.halo)
        ? makeTensor(`${dx.name} flat`, this.#batch, node?.shape ?? [], { half: this.#isHalf(input) })
        : dx,
    )
  }

  #isView(op: FusedOp): boolean {
    return isView(this.#graph, this.#graph.nodes.indexOf(op.node))
  }

  /** From now on the op's gradients go to tensors of their own where another reader has written the first. */
  redirect(op: FusedOp): void {
    for (const index of op.inputs) {
      if (this.#written.has(index)) this.#redirected.set(index, this.#secondGradient(index, op))
      this.#written.add(index)
    }
  }

  /** Ends that; gives the tensors that are still to be added, by node. */
  endRedirection(): [number, Tensor][] {
    const extra = [...this.#redirected]
    this.#redirected.clear()
    return extra
  }

  #secondGradient(index: number, op: FusedOp): Tensor {
    const node = this.#graph.nodes[index]
    return makeTensor(`d ${node?.name ?? ''} from ${op.node.name}`, this.#batch, node?.shape ?? [], {
      half: this.#isHalf(index),
    })
  }

  #inputSize(op: FusedOp): ImageSize {
    return imageOf(this.#graph.nodes[op.inputs[0] ?? 0]?.shape ?? [])
  }
}
