/*
 * A plan: every kernel call of one step, in stages between barriers, with every address fixed. It is made once for a batch size
 * and a mode, and then run any number of times without another decision.
 */
import { dropThreshold, GichoError, type GradientOptions } from '@gicho/core'
import type { Graph } from '../graph/graph.ts'
import { emitActivation, emitActivationGradient } from '../ops/activation.ts'
import { type Buffer, type PlanMode, type Tensor, tensorArguments } from '../ops/emitter.ts'
import { emitOutputLoss, emitOutputs, type LossForm } from '../ops/losses.ts'
import { type FusedOp, keepFactor } from '../ops/op.ts'
import { flatTensor } from '../ops/tensor.ts'
import { emitConstraints, emitPenalties, emitUpdate } from '../ops/weight-rules.ts'
import { checkCalls } from './check-calls.ts'
import { fuse } from './fuse.ts'
import { opOf } from './op-of.ts'
import { type Constant, PlanEmitter, type PlanMemory } from './plan-emitter.ts'
import { allocate, type Call, schedule } from './schedule.ts'

/** Ops that apply their relu themselves; behind others it is a pass of its own. */
const APPLIES_RELU: ReadonlySet<string> = new Set(['dense', 'conv2d'])

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
  const ops = fuse(graph)
  const emitter = new PlanEmitter(graph, ops, memory, options)
  const weights = emitter.trainedWeights()
  emitUpdate(emitter, weights, rules)
  emitConstraints(emitter, weights)
  return finish(emitter, ops, options.base, 0)
}

/** What follows a step that only adds its gradients to those before: Keras holds weights to their constraints after every step. */
export function makeConstraintPlan(graph: Graph, memory: PlanMemory, options: PlanOptions): Plan {
  const ops = fuse(graph)
  const emitter = new PlanEmitter(graph, ops, memory, options)
  emitConstraints(emitter, emitter.trainedWeights())
  return finish(emitter, ops, options.base, 0)
}

/** Compiles one step of `graph`. */
export function makePlan(graph: Graph, memory: PlanMemory, options: PlanOptions): Plan {
  const { mode, loss, storesGradients, base } = options
  const ops = fuse(graph)
  const emitter = new PlanEmitter(graph, ops, memory, options)
  for (const op of ops) forward(op, emitter)
  const last = ops.at(-1)
  if (!last) throw new GichoError('unsupported', 'model: expected at least one layer, got none.')
  const logits = flatTensor(emitter.output(last.output))
  const z = { ...logits, channels: graph.nodes[last.output]?.shape[0] ?? logits.channels }
  if (mode === 'predict') emitOutputs(emitter, loss, z, memory.outputs)
  else {
    emitOutputLoss(emitter, loss, z, mode === 'train' ? emitter.gradient(last.output) : undefined)
    emitPenalties(emitter, emitter.trainedWeights())
  }
  if (mode === 'train') {
    for (const op of ops.toReversed()) backward(op, emitter)
    if (!storesGradients) emitConstraints(emitter, emitter.trainedWeights())
  }
  return finish(emitter, ops, base, z.image)
}

/** What WebAssembly can address. */
const MOST_BYTES = 2 ** 32

/** Refuses what no memory can hold. @throws GichoError `out-of-memory` */
function checkMemory(bytes: number, batch: number): void {
  if (bytes <= MOST_BYTES) return
  const needed = `${(bytes / 2 ** 30).toFixed(1)} GiB`
  throw new GichoError(
    'out-of-memory',
    `engine wasm: a step with batches of ${batch} needs ${needed} of memory, and a session can have 4 GiB. ` +
      'Take a smaller batch, or a model with smaller layers.',
  )
}

function finish(emitter: PlanEmitter, ops: readonly FusedOp[], begin: number, outputRow: number): Plan {
  const { mode, batch, constantWords: constants, kept } = emitter
  const stages = schedule(emitter.calls)
  const end = allocate(stages, begin)
  checkMemory(end, batch)
  checkCalls(emitter.calls, constants, end)
  return { mode, batch, stages, ops, constants, kept, outputRow, begin, end }
}

function forward(op: FusedOp, emitter: PlanEmitter): void {
  opOf(op).forward(op, emitter)
  const y = emitter.output(op.output)
  const { height, width, columns } = y
  if (op.relu && (op.stem || !APPLIES_RELU.has(op.node.layer.kind)))
    emitter.call('relu', emitter.batch, { ...tensorArguments('y', y), height, width, columns })
  if (op.activation) emitActivation(emitter, op.activation, y, y)
  if (op.dropout && emitter.mode === 'train') emitDropout(emitter, op.dropout, y)
}

function backward(op: FusedOp, emitter: PlanEmitter): void {
  if (emitter.isConstant(op.output)) return
  if (op.relu && emitter.mask(op.output) === undefined) {
    const y = emitter.output(op.output)
    const dz = emitter.gradient(op.output)
    const { height, width, columns } = y
    const keepf = keepFactor(op.dropout?.rate)
    emitter.call('reluGrad', emitter.batch, {
      ...tensorArguments('y', y),
      ...tensorArguments('dy', dz),
      ...tensorArguments('dz', dz),
      height,
      width,
      columns,
      keepf,
    })
  } else if (op.dropout && !op.relu) emitDropout(emitter, op.dropout, emitter.gradient(op.output))
  if (op.activation) {
    const dz = emitter.gradient(op.output)
    emitActivationGradient(emitter, op.activation, { v: emitter.output(op.output), dy: dz, dz })
  }
  emitter.addGradients(op, () => opOf(op).backward?.(op, emitter))
}

function emitDropout(
  emitter: PlanEmitter,
  dropout: { readonly rate: number; readonly stream: number },
  x: Tensor,
): void {
  emitter.call('dropout', emitter.batch, {
    x: x.at,
    xImage: x.image,
    xRow: x.row,
    height: x.height,
    rowVectors: (x.width * x.columns) / 4,
    seed: emitter.seed | 0,
    stream: dropout.stream,
    threshold: dropThreshold(dropout.rate),
    keepf: keepFactor(dropout.rate),
  })
}
