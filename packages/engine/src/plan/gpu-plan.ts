/*
 * A plan for a GPU: the dispatches of one step in their order, with every address fixed. It is made once for a batch size and a
 * mode; a step is then encoded without another decision, and many steps go to the device at once.
 */
import { type Augmentation, GichoError, type GradientOptions, type ImageShape } from '@gicho/core'
import type { Graph } from '../graph/graph.ts'
import type { Buffer, PlanMode, Ref, WeightRef } from '../ops/emitter.ts'
import { finishOf, type GpuEmitter, isPlain, PLAIN } from '../ops/gpu-emitter.ts'
import type { GpuCall, GpuKernelName, GpuKernels, GpuUpdate } from '../ops/gpu-table.ts'
import type { LossForm } from '../ops/losses.ts'
import type { FusedOp } from '../ops/op.ts'
import { flatTensor } from '../ops/tensor.ts'
import { checkGpuCalls } from './check-gpu-calls.ts'
import { fuse } from './fuse.ts'
import { gpuOpOf } from './gpu-op-of.ts'
import { PlanNodes, type WeightPlaces } from './plan-nodes.ts'
import { allocate } from './schedule.ts'

/** Addresses and forms that the plans of a session share. */
export interface GpuPlanMemory extends WeightPlaces {
  readonly update: GpuUpdate
  readonly byteTable: Ref
  readonly sums: Ref
  readonly outputs: Ref
  readonly capacity: number
}

export interface GpuPlanOptions {
  readonly mode: PlanMode
  readonly batch: number
  readonly seed: number
  readonly weighted: boolean
  readonly imageShape: ImageShape
  readonly augmentation: Augmentation | undefined
  readonly loss: LossForm
  /** In training, activations and their gradients lie as 16-bit floats. */
  readonly halfTensors: boolean
  /** Where the plan's own memory may begin: plans share it, for nothing in it outlives a step. */
  readonly base: number
}

export interface GpuPlan {
  readonly mode: PlanMode
  readonly batch: number
  readonly calls: readonly GpuCall[]
  /** The first byte behind the plan's memory. */
  readonly end: number
  /** The same of the memory of 16-bit floats, which begins with the plan's. */
  readonly halfEnd: number
  /** Bytes from one sample's outputs to the next, of a plan that predicts. */
  readonly outputRow: number
}

/** An address of 0 is none. */
const FIRST_HALF = 64

class GpuPlanEmitter extends PlanNodes implements GpuEmitter {
  readonly mode: PlanMode
  readonly batch: number
  readonly seed: number
  readonly byteTable: Ref
  readonly imageShape: ImageShape
  readonly augmentation: Augmentation | undefined
  readonly capacity: number
  readonly weighted: boolean
  readonly sums: Ref
  /** Gradients are those of the sum over the batch, about, where they lie as 16-bit floats: a power of two changes no digit. */
  readonly gradientScale: number
  readonly calls: GpuCall[] = []
  readonly #update: GpuUpdate

  constructor(graph: Graph, ops: readonly FusedOp[], memory: GpuPlanMemory, options: GpuPlanOptions) {
    const masksInput = ({ node }: FusedOp): boolean => gpuOpOf(node).masksInput === true
    const last = ops.at(-1)?.output
    // What the loss reads keeps its digits, and so does the input, which is small.
    const isHalf = (index: number): boolean =>
      options.halfTensors && options.mode === 'train' && index !== last && graph.nodes[index]?.layer.kind !== 'input'
    super(graph, ops, memory, { batch: options.batch, halosOf: () => ({}), isHalf, masksInput })
    this.mode = options.mode
    this.batch = options.batch
    this.seed = options.seed
    this.weighted = options.weighted
    this.imageShape = options.imageShape
    this.augmentation = options.augmentation
    const { halfTensors, mode, batch } = options
    this.gradientScale = halfTensors && mode === 'train' ? 2 ** Math.ceil(Math.log2(batch)) : 1
    this.#update = { ...memory.update, gradientScale: this.gradientScale }
    this.byteTable = memory.byteTable
    this.sums = memory.sums
    this.capacity = memory.capacity
  }

  updateOf(weight: WeightRef | undefined): GpuUpdate {
    const rule = this.trainedWeights().find(({ at }) => at.buffer === weight?.at.buffer)?.rule
    return rule && (rule.l1 > 0 || rule.l2 > 0)
      ? { ...this.#update, penalty: { l1: rule.l1, l2: rule.l2 } }
      : this.#update
  }

  call<K extends GpuKernelName>(kernel: K, args: GpuKernels[K]): void {
    this.calls.push({ kernel, args } as GpuCall)
  }
}

/** Compiles one step of `graph` for a GPU. */
export function makeGpuPlan(graph: Graph, memory: GpuPlanMemory, options: GpuPlanOptions): GpuPlan {
  const { mode, loss, base, weighted } = options
  const ops = fuse(graph, { stems: false })
  const emitter = new GpuPlanEmitter(graph, ops, memory, options)
  for (const op of ops) gpuOpOf(op.node).forward(op, emitter)
  const last = ops.at(-1)
  if (!last) throw new GichoError('unsupported', 'model: expected at least one layer, got none.')
  const z = flatTensor(emitter.output(last.output))
  const classes = graph.nodes[last.output]?.shape[0] ?? z.channels
  if (mode === 'predict') emitter.call('outputs', { z, p: memory.outputs, classes, name: loss.name })
  else {
    const dz = mode === 'train' ? flatTensor(emitter.gradient(last.output)) : undefined
    const { sums, capacity } = memory
    emitter.call('loss', {
      z,
      dz,
      classes,
      ...loss,
      gradientScale: emitter.gradientScale,
      sums,
      capacity,
      weighted: weighted && mode === 'train',
    })
    emitPenalties(emitter)
  }
  if (mode === 'train') {
    for (const op of ops.toReversed()) backward(op, emitter)
    if (!memory.update.storesGradients) emitConstraints(emitter)
  }
  return finish(emitter, base, z.image)
}

/** The update as a plan of its own, over gradients that steps have added up. */
export function makeGpuUpdatePlan(
  graph: Graph,
  memory: GpuPlanMemory,
  options: GpuPlanOptions,
  rules: GradientOptions,
): GpuPlan {
  const emitter = new GpuPlanEmitter(graph, fuse(graph, { stems: false }), memory, options)
  const { clipNorm, globalClipNorm, clipValue, accumulationSteps = 1 } = rules
  const clip = clipNorm ? 'norm' : globalClipNorm ? 'globalNorm' : clipValue ? 'value' : 'none'
  const update = { ...memory.update, storesGradients: false }
  const weights = emitter.trainedWeights()
  const byNorm = clip === 'norm' || clip === 'globalNorm'
  const norms = byNorm ? emitter.scratch('gradient norms', weights.length * 16) : undefined
  for (const [index, { at, bytes }] of norms ? weights.entries() : []) {
    const address = at.buffer.address + update.regionBytes * (update.slots + 1)
    const gradient: Ref = { buffer: { name: 'gradient', bytes, kind: 'kept', address }, offset: at.offset }
    emitter.call('gradientSquares', { gradient, words: bytes / 4, norms: norms ?? at, index })
  }
  weights.forEach(({ at, bytes }, index) => {
    const share = 1 / accumulationSteps
    emitter.call('applyUpdate', { w: at, words: bytes / 4, update, share, clip, norms, index, count: weights.length })
  })
  emitConstraints(emitter)
  return finish(emitter, options.base, 0)
}

/** What follows a step that only adds its gradients to those before: Keras holds weights to their constraints after every step. */
export function makeGpuConstraintPlan(graph: Graph, memory: GpuPlanMemory, options: GpuPlanOptions): GpuPlan {
  const emitter = new GpuPlanEmitter(graph, fuse(graph, { stems: false }), memory, options)
  emitConstraints(emitter)
  return finish(emitter, options.base, 0)
}

/** The losses of the penalties, in the step's record. */
function emitPenalties(emitter: GpuPlanEmitter): void {
  const { batch, sums } = emitter
  for (const { at: w, bytes, rule } of emitter.trainedWeights()) {
    if (!rule || (rule.l1 === 0 && rule.l2 === 0)) continue
    emitter.call('penalty', { w, words: bytes / 4, l1: rule.l1, l2: rule.l2, batch, sums })
  }
}

/** Scales what has become too long; after the update. */
function emitConstraints(emitter: GpuPlanEmitter): void {
  for (const { at: w, bytes, panelBytes, columns, rule } of emitter.trainedWeights())
    if (rule?.maxNorm !== undefined)
      emitter.call('maxNorm', { w, words: bytes / 4, panelBytes, columns, limit: rule.maxNorm })
}

function backward(op: FusedOp, emitter: GpuPlanEmitter): void {
  if (emitter.isConstant(op.output)) return
  const finish = finishOf(op, emitter)
  if (!isPlain(finish) && !(op.relu && emitter.mask(op.output)))
    emitter.call('finishGrad', { y: emitter.output(op.output), dy: emitter.gradient(op.output), finish })
  emitter.writeGradients(
    op,
    () => gpuOpOf(op.node).backward?.(op, emitter),
    (x, y) => emitter.call('copy', { x, y, add: true, finish: PLAIN }),
  )
}

function finish(emitter: GpuPlanEmitter, base: number, outputRow: number): GpuPlan {
  const { mode, batch, calls } = emitter
  const stages = calls.map(({ args }) => [{ reads: buffersOf(args), writes: [] }])
  const halfEnd = allocate(stages, FIRST_HALF, true)
  const end = allocate(stages, base)
  checkGpuCalls(calls, buffersOf, { end, halfEnd })
  return { mode, batch, calls, outputRow, end, halfEnd }
}

/** The memory that a call's arguments name. */
function buffersOf(args: object): Buffer[] {
  return Object.values(args).flatMap((value: unknown) => {
    if (typeof value !== 'object' || value === null) return []
    if (isRef(value)) return [value.buffer]
    return buffersOf(value)
  })
}

function isRef(value: object): value is Ref {
  return 'buffer' in value && 'offset' in value
}
