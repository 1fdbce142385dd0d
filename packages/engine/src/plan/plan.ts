/*
 * A plan: every kernel call of one step, in stages between barriers, with every address fixed. It is made once for a batch size
 * and a mode, and then run any number of times without another decision.
 */
import { dropThreshold, GichoError, type GradientOptions } from '@gicho/core'
import type { Graph, GraphNode } from '../graph/graph.ts'
import { isPacked, isView } from '../graph/views.ts'
import { activation, emitActivation, emitActivationGradient } from '../ops/activation.ts'
import { averagePool, globalMaxPool } from '../ops/average-pool.ts'
import { batchNorm } from '../ops/batch-norm.ts'
import { conv2d } from '../ops/conv2d.ts'
import { dense } from '../ops/dense.ts'
import { depthwiseConv2d } from '../ops/depthwise-conv2d.ts'
import type {
  Buffer,
  CallArguments,
  DrawnInput,
  Emitter,
  Halo,
  Mask,
  PlanMode,
  Ref,
  Tensor,
  WeightRef,
} from '../ops/emitter.ts'
import { NO_HALO, tensorArguments } from '../ops/emitter.ts'
import { identity } from '../ops/identity.ts'
import { input } from '../ops/input.ts'
import { add, concatenate } from '../ops/join.ts'
import { type KernelName, kernelWrites } from '../ops/kernel-table.ts'
import { layerNorm } from '../ops/layer-norm.ts'
import { emitOutputLoss, emitOutputs, type LossForm } from '../ops/losses.ts'
import { maxPool } from '../ops/max-pool.ts'
import { gaussianNoise, spatialDropout } from '../ops/noise.ts'
import { type FusedOp, type ImageSize, keepFactor, type Op } from '../ops/op.ts'
import { reshape } from '../ops/reshape.ts'
import { upSampling, zeroPadding } from '../ops/resize.ts'
import { stem } from '../ops/stem.ts'
import { copyTensor, flatTensor, hasHalo, imageOf, joinHalos, makeTensor, paddedColumns } from '../ops/tensor.ts'
import { emitConstraints, emitPenalties, emitUpdate, type TrainedWeight } from '../ops/weight-rules.ts'
import { fuse } from './fuse.ts'
import { allocate, type Call, schedule } from './schedule.ts'
import type { WeightLayout } from './weight-layout.ts'

/** The op of each layer. Activations and dropouts that work in place belong to the op before them. */
const ops: Readonly<Record<GraphNode['layer']['kind'], Op>> = {
  input,
  dense,
  conv2d,
  batchNorm,
  maxPool2d: maxPool,
  flatten: reshape,
  reshape,
  dropout: identity,
  activation,
  add,
  concatenate,
  averagePool2d: averagePool,
  globalAveragePool2d: averagePool,
  globalMaxPool2d: globalMaxPool,
  depthwiseConv2d,
  zeroPadding2d: zeroPadding,
  upSampling2d: upSampling,
  spatialDropout2d: spatialDropout,
  gaussianNoise,
  layerNorm,
}

function opOf(op: FusedOp): Op {
  return op.stem ? stem : ops[op.node.layer.kind]
}

/** Ops that apply their relu themselves; behind others it is a pass of its own. */
const APPLIES_RELU: ReadonlySet<string> = new Set(['dense', 'conv2d'])

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

export interface PlanOptions {
  readonly mode: PlanMode
  readonly batch: number
  readonly seed: number
  /** Where the plan's own memory may begin. */
  readonly base: number
  readonly loss: LossForm
  /** True where gradients are only stored: constraints then follow the update, in `makeUpdatePlan`. */
  readonly storesGradients: boolean
}

/** Words to be written once before the plan runs. */
interface Constant {
  readonly buffer: Buffer
  readonly words: Int32Array
}

export interface Plan {
  readonly mode: PlanMode
  readonly batch: number
  readonly stages: readonly (readonly Call[])[]
  readonly ops: readonly FusedOp[]
  readonly constants: readonly Constant[]
  /** Buffers whose halo has to be zeros before the first run. */
  readonly kept: readonly Buffer[]
  /** Bytes from one sample's outputs to the next, of a plan that predicts. */
  readonly outputRow: number
  /** Where the plan's memory begins, and the first byte behind it. */
  readonly begin: number
  readonly end: number
}

/** The update as a plan of its own, over gradients that a step has stored. */
export function makeUpdatePlan(graph: Graph, memory: PlanMemory, options: PlanOptions, rules: GradientOptions): Plan {
  return new PlanBuilder(graph, memory, options).buildUpdate(rules)
}

/** Compiles one step of `graph`. */
export function makePlan(graph: Graph, memory: PlanMemory, options: PlanOptions): Plan {
  const builder = new PlanBuilder(graph, memory, options)
  return builder.build()
}

class PlanBuilder implements Emitter {
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
  readonly #graph: Graph
  readonly #memory: PlanMemory
  readonly #options: PlanOptions
  readonly #ops: readonly FusedOp[]
  readonly #calls: Call[] = []
  readonly #outputs = new Map<number, Tensor>()
  readonly #gradients = new Map<number, Tensor>()
  readonly #scratch = new Map<string, Buffer>()
  readonly #constants = new Map<string, Constant>()
  readonly #halos = new Map<number, Halo>()
  readonly #constant = new Map<number, boolean>()
  /** Nodes whose gradient a reader has written already. */
  readonly #written = new Set<number>()
  /** Where the op at work writes gradients that are then added to what is there. */
  readonly #redirected = new Map<number, Tensor>()

  constructor(graph: Graph, memory: PlanMemory, options: PlanOptions) {
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
    this.#options = options
    this.#ops = fuse(graph)
    for (const op of this.#ops) {
      const halo = opOf(op).inputHalo?.(op, this.#inputSize(op))
      for (const index of halo ? op.inputs : [])
        this.#halos.set(index, joinHalos(this.#halos.get(index) ?? NO_HALO, halo ?? NO_HALO))
    }
  }

  build(): Plan {
    for (const op of this.#ops) this.#forward(op)
    const last = this.#ops.at(-1)
    if (!last) throw new GichoError('unsupported', 'model: expected at least one layer, got none.')
    const logits = flatTensor(this.output(last.output))
    const z = { ...logits, channels: this.#graph.nodes[last.output]?.shape[0] ?? logits.channels }
    const { loss, storesGradients } = this.#options
    if (this.mode === 'predict') emitOutputs(this, loss, z, this.#memory.outputs)
    else {
      emitOutputLoss(this, loss, z, this.mode === 'train' ? this.gradient(last.output) : undefined)
      emitPenalties(this, this.#trainedWeights())
    }
    if (this.mode === 'train') {
      for (const op of this.#ops.toReversed()) this.#backward(op)
      if (!storesGradients) emitConstraints(this, this.#trainedWeights())
    }
    return this.#finish(z.image)
  }

  buildUpdate(rules: GradientOptions): Plan {
    const weights = this.#trainedWeights()
    emitUpdate(this, weights, rules)
    emitConstraints(this, weights)
    return this.#finish(0)
  }

  #trainedWeights(): TrainedWeight[] {
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

  #finish(outputRow: number): Plan {
    const stages = schedule(this.#calls)
    const end = allocate(stages, this.#options.base)
    const kept = [...this.#outputs.values(), ...this.#gradients.values()].flatMap(({ at }) =>
      at.buffer.kind === 'kept' ? [at.buffer] : [],
    )
    return {
      mode: this.mode,
      batch: this.batch,
      stages,
      ops: this.#ops,
      constants: [...this.#constants.values()],
      kept: [...new Set(kept)],
      outputRow,
      begin: this.#options.base,
      end,
    }
  }

  #inputSize(op: FusedOp): ImageSize {
    return imageOf(this.#graph.nodes[op.inputs[0] ?? 0]?.shape ?? [])
  }

  #forward(op: FusedOp): void {
    opOf(op).forward(op, this)
    const y = this.output(op.output)
    const { height, width, columns } = y
    if (op.relu && (op.stem || !APPLIES_RELU.has(op.node.layer.kind)))
      this.call('relu', this.batch, { ...tensorArguments('y', y), height, width, columns })
    if (op.activation) emitActivation(this, op.activation, y, y)
    if (op.dropout && this.mode === 'train') this.#dropout(op.dropout, y)
  }

  #backward(op: FusedOp): void {
    if (this.isConstant(op.output)) return
    if (op.relu && this.mask(op.output) === undefined) {
      const y = this.output(op.output)
      const dz = this.gradient(op.output)
      const { height, width, columns } = y
      const keepf = keepFactor(op.dropout?.rate)
      this.call('reluGrad', this.batch, {
        ...tensorArguments('y', y),
        ...tensorArguments('dy', dz),
        ...tensorArguments('dz', dz),
        height,
        width,
        columns,
        keepf,
      })
    } else if (op.dropout && !op.relu) this.#dropout(op.dropout, this.gradient(op.output))
    if (op.activation) {
      const dz = this.gradient(op.output)
      emitActivationGradient(this, op.activation, { v: this.output(op.output), dy: dz, dz })
    }
    // Where a tensor has several readers, the first one's gradient is written and those of the others are added to it.
    for (const index of op.inputs) {
      if (this.#written.has(index)) this.#redirected.set(index, this.#secondGradient(index, op))
      this.#written.add(index)
    }
    opOf(op).backward?.(op, this)
    const extra = [...this.#redirected]
    this.#redirected.clear()
    for (const [index, tensor] of extra)
      if (!this.isConstant(index)) copyTensor(this, tensor, this.gradient(index), { add: true })
  }

  #secondGradient(index: number, op: FusedOp): Tensor {
    const node = this.#graph.nodes[index]
    return makeTensor(`d ${node?.name ?? ''} from ${op.node.name}`, this.batch, node?.shape ?? [])
  }

  #dropout(dropout: { readonly rate: number; readonly stream: number }, x: Tensor): void {
    this.call('dropout', this.batch, {
      x: x.at,
      xImage: x.image,
      xRow: x.row,
      height: x.height,
      rowVectors: (x.width * x.columns) / 4,
      seed: this.seed | 0,
      stream: dropout.stream,
      threshold: dropThreshold(dropout.rate),
      keepf: keepFactor(dropout.rate),
    })
  }

  #producer(index: number): FusedOp | undefined {
    return this.#ops.find((op) => op.output === index)
  }

  #consumers(index: number): FusedOp[] {
    return this.#ops.filter((op) => op.inputs.includes(index))
  }

  output(index: number): Tensor {
    const known = this.#outputs.get(index)
    if (known) return known
    const node = this.#graph.nodes[index]
    const producer = this.#producer(index)
    const tensor =
      producer && this.#isView(producer)
        ? flatTensor(this.output(producer.inputs[0] ?? 0))
        : makeTensor(
            node?.name ?? '',
            this.batch,
            node?.shape ?? [],
            this.#halos.get(index) ?? NO_HALO,
            isPacked(this.#graph, index),
          )
    this.#outputs.set(index, tensor)
    return tensor
  }

  gradient(index: number): Tensor {
    const known = this.#redirected.get(index) ?? this.#gradients.get(index)
    if (known) return known
    const producer = this.#producer(index)
    const halo = producer && opOf(producer).gradientHalo?.(producer, this.#inputSize(producer))
    const name = `d ${this.#graph.nodes[index]?.name ?? ''}`
    const tensor =
      producer && this.#isView(producer)
        ? this.#viewGradient(producer.inputs[0] ?? 0)
        : makeTensor(name, this.batch, this.#graph.nodes[index]?.shape ?? [], halo ?? NO_HALO)
    this.#gradients.set(index, tensor)
    return tensor
  }

  /** The gradient of a view: its input's memory too, unless that has a halo between its rows. */
  #viewGradient(input: number): Tensor {
    const dx = this.gradient(input)
    const node = this.#graph.nodes[input]
    return flatTensor(hasHalo(dx.halo) ? makeTensor(`${dx.name} flat`, this.batch, node?.shape ?? []) : dx)
  }

  #isView(op: FusedOp): boolean {
    return isView(this.#graph, this.#graph.nodes.indexOf(op.node))
  }

  isConstant(index: number): boolean {
    const known = this.#constant.get(index)
    if (known !== undefined) return known
    const op = this.#producer(index)
    const names = [...Object.values(op?.node.weights ?? {}), ...Object.values(op?.stem?.norm.weights ?? {})]
    const trained = names.some((name) => this.#memory.layout.slots.get(name)?.trainable)
    const constant = !trained && (op?.inputs ?? []).every((at) => this.isConstant(at))
    this.#constant.set(index, constant)
    return constant
  }

  mask(index: number): Mask | undefined {
    const producer = this.#producer(index)
    const [only, second] = this.#consumers(index)
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
    this.#calls.push({ kernel, tiles, args: given, writes, reads })
  }

  /** A weight with a penalty has a record of its own. */
  #ownUpdate(args: Readonly<Record<string, number | Ref | undefined>>): Ref | undefined {
    const { w, update } = args
    return typeof w === 'object' && typeof update === 'object' && update === this.update
      ? this.#memory.updates.get(w.buffer.name)
      : undefined
  }
}
