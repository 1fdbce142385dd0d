/*
 * Dense and Conv2D on the GPU are one matrix product: its rows are the windows of an image, read in place, and a Dense layer is a
 * 1x1 convolution of an image of one pixel. Gradients: dx is the product of the windows of dz with the mirrored kernel, dw that of
 * windows and dz, with a row of ones for the bias. dw goes straight into the update; where it is a sum over many pixels, groups of
 * them are summed side by side first.
 */
import type { Mask, Tensor, WeightRef } from './emitter.ts'
import { finishOf, type GpuEmitter } from './gpu-emitter.ts'
import type { Window } from './gpu-table.ts'
import type { FusedOp } from './op.ts'

/** Tiles of a weight gradient that keep a GPU busy: with fewer, its sums over pixels are split, but into none shorter than this. */
const BUSY_TILES = 512
const SHORTEST_SUM = 256
const MOST_SPLITS = 64
/** Rows and columns of a tile. */
export const TILE = 32

export function emitProduct(op: FusedOp, emitter: GpuEmitter, x: Tensor, y: Tensor, window: Window): void {
  const w = emitter.weight(op.node, 'kernel')
  const bias = emitter.weight(op.node, 'bias')?.at
  if (w) emitter.call('product', { x, y, window, w, bias, finish: finishOf(op, emitter) })
}

/** dx, then the updates: dx is that of the weights as they were. */
export function emitProductGradients(
  op: FusedOp,
  emitter: GpuEmitter,
  tensors: {
    readonly x: Tensor
    readonly dz: Tensor
    readonly dx: Tensor | undefined
    readonly mask: Mask | undefined
  },
  window: Window,
): void {
  const { x, dz, dx, mask } = tensors
  const w = emitter.weight(op.node, 'kernel')
  if (!w) return
  if (dx) emitter.call('productDx', { dz, dx, window, w, mask })
  // A layer is trained as a whole, or not at all.
  if (w.trainable) emitUpdate(op, emitter, { x, dz, w, bias: emitter.weight(op.node, 'bias') }, window)
}

function emitUpdate(
  op: FusedOp,
  emitter: GpuEmitter,
  given: { readonly x: Tensor; readonly dz: Tensor; readonly w: WeightRef; readonly bias: WeightRef | undefined },
  window: Window,
): void {
  const { x, dz } = given
  const [kernelY, kernelX] = window.kernel
  const rows = kernelY * kernelX * x.columns
  const splits = splitsOf(rows, dz)
  const partial =
    splits === 1
      ? undefined
      : { at: emitter.scratch(`${op.node.name}.partial`, splits * storedRows(rows) * dz.columns * 4), splits }
  const { w, bias } = given
  const updates = { update: emitter.updateOf(w), biasUpdate: emitter.updateOf(bias) }
  emitter.call('productDw', { ...given, window, ...updates, partial })
  if (partial) emitter.call('reduceUpdate', { partial, rows, columns: dz.columns, w, bias, ...updates })
}

/** Into how many sums side by side the gradient of a kernel with so many rows goes. */
function splitsOf(rows: number, { batch, height, width, columns }: Tensor): number {
  const tiles = Math.ceil(storedRows(rows) / TILE) * Math.ceil(columns / TILE)
  const possible = Math.ceil((batch * height * width) / SHORTEST_SUM)
  return Math.min(MOST_SPLITS, possible, Math.ceil(BUSY_TILES / tiles))
}

/** Rows of a weight gradient: those of the kernel padded to fours, and the bias. */
export function storedRows(rows: number): number {
  return biasRow(rows) + 1
}

/** The row of a weight gradient that is the bias'. */
export function biasRow(rows: number): number {
  return Math.ceil(rows / 4) * 4
}
