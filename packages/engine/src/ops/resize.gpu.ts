/* Ops on the GPU that lay images out anew: ZeroPadding2D, Concatenate, UpSampling2D. */
import type { Tensor } from './emitter.ts'
import { finishOf, type GpuEmitter, type GpuOp, PLAIN } from './gpu-emitter.ts'
import type { FusedOp } from './op.ts'

/** Where a part lies in the whole: row, column, channel. */
type Place = readonly [number, number, number]

/** Puts a part into the whole; a part that is `alone` has zeros around it. */
function put(emitter: GpuEmitter, part: Tensor, whole: Tensor, [row, column, channel]: Place, alone: boolean): void {
  const offsets = { rows: -row, columns: -column, channels: -channel }
  emitter.call('shift', { x: part, y: whole, ...offsets, keep: !alone, finish: PLAIN })
}

/** Takes a part out of the whole. */
function take(emitter: GpuEmitter, whole: Tensor, part: Tensor, [rows, columns, channels]: Place): void {
  emitter.call('shift', { x: whole, y: part, rows, columns, channels, keep: false, finish: PLAIN })
}

/** What is fused behind an op that was put together in pieces. */
function finishInPlace(op: FusedOp, emitter: GpuEmitter): void {
  const y = emitter.output(op.output)
  const finish = finishOf(op, emitter)
  if (finish.relu || finish.activation || finish.dropout) emitter.call('copy', { x: y, y, add: false, finish })
}

function corner({ node }: FusedOp): Place {
  const { layer } = node
  if (layer.kind !== 'zeroPadding2d') throw new TypeError(`${node.name} pads nothing`)
  return [layer.rows[0], layer.columns[0], 0]
}

function padForward(op: FusedOp, emitter: GpuEmitter): void {
  put(emitter, emitter.output(op.inputs[0] ?? 0), emitter.output(op.output), corner(op), true)
  finishInPlace(op, emitter)
}

function padBackward(op: FusedOp, emitter: GpuEmitter): void {
  const input = op.inputs[0] ?? 0
  if (!emitter.isConstant(input)) take(emitter, emitter.gradient(op.output), emitter.gradient(input), corner(op))
}

export const zeroPaddingGpu: GpuOp = { forward: padForward, backward: padBackward }

/** The inputs of a Concatenate with their places. */
function partsOf(op: FusedOp, emitter: GpuEmitter): { readonly input: number; readonly place: Place }[] {
  const { layer, shape, name } = op.node
  if (layer.kind !== 'concatenate') throw new TypeError(`${name} joins nothing`)
  // Samples of fewer axes are images of one row, or one pixel.
  const axis = layer.axis + 3 - shape.length
  let next = 0
  return op.inputs.map((input) => {
    const { height, width, channels } = emitter.output(input)
    const place: [number, number, number] = [0, 0, 0]
    place[axis] = next
    next += [height, width, channels][axis] ?? 0
    return { input, place }
  })
}

function joinForward(op: FusedOp, emitter: GpuEmitter): void {
  const y = emitter.output(op.output)
  for (const [i, { input, place }] of partsOf(op, emitter).entries())
    put(emitter, emitter.output(input), y, place, i === 0)
  finishInPlace(op, emitter)
}

function joinBackward(op: FusedOp, emitter: GpuEmitter): void {
  const dy = emitter.gradient(op.output)
  for (const { input, place } of partsOf(op, emitter))
    if (!emitter.isConstant(input)) take(emitter, dy, emitter.gradient(input), place)
}

export const concatenateGpu: GpuOp = { forward: joinForward, backward: joinBackward }

function enlargement({ node: { layer, name } }: FusedOp) {
  if (layer.kind !== 'upSampling2d') throw new TypeError(`${name} repeats nothing`)
  const { size, interpolation } = layer
  return { size, nearest: interpolation === 'nearest', centers: interpolation === 'halfPixel' }
}

function repeatForward(op: FusedOp, emitter: GpuEmitter): void {
  const tensors = { x: emitter.output(op.inputs[0] ?? 0), y: emitter.output(op.output) }
  const { size, nearest, centers } = enlargement(op)
  const finish = finishOf(op, emitter)
  if (nearest) emitter.call('upSample', { ...tensors, size, finish })
  else emitter.call('upSampleBilinear', { ...tensors, size, centers, finish })
}

function repeatBackward(op: FusedOp, emitter: GpuEmitter): void {
  const input = op.inputs[0] ?? 0
  if (emitter.isConstant(input)) return
  const tensors = { dy: emitter.gradient(op.output), dx: emitter.gradient(input) }
  const { size, nearest, centers } = enlargement(op)
  if (nearest) emitter.call('upSampleGrad', { ...tensors, size })
  else emitter.call('upSampleBilinearGrad', { ...tensors, size, centers })
}

export const upSamplingGpu: GpuOp = { forward: repeatForward, backward: repeatBackward }
