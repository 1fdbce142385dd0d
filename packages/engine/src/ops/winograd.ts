/*
 * 3x3 convolutions of stride 1 by Winograd's F(2x2, 3x3), which needs 2.25 times fewer multiplications: tiles of the image and the
 * kernel are transformed, multiplied at 16 positions, and transformed back. dx is the same with the mirrored kernel.
 * Source: A. Lavin, S. Gray, "Fast algorithms for convolutional neural networks", 2016.
 */
import { GROUPS } from './bias-gradient.ts'
import { type Emitter, type Ref, type Tensor, tensorArguments, type WeightRef } from './emitter.ts'
import type { FusedOp } from './op.ts'

interface WinogradForm {
  readonly u: Ref
  readonly uPanelBytes: number
  readonly uPositionBytes: number
}

/** The transformed kernel, or the mirrored one. */
export function winogradWeights(
  op: FusedOp,
  emitter: Emitter,
  kernel: WeightRef,
  inputs: number,
  columns: number,
  mirror: boolean,
): WinogradForm {
  const rows = mirror ? columns : inputs
  const panels = Math.ceil((mirror ? inputs : columns) / 8)
  const uPanelBytes = rows * 32
  const uPositionBytes = panels * uPanelBytes + 64
  const u = emitter.scratch(`${op.node.name}.${mirror ? 'uMirror' : 'u'}`, 16 * uPositionBytes)
  const { at: w, panelBytes } = kernel
  emitter.call('winogradWeights', panels, {
    w,
    panelBytes,
    inputs,
    columns,
    u,
    uPanelBytes,
    uPositionBytes,
    mirror: mirror ? 1 : 0,
  })
  return { u, uPanelBytes, uPositionBytes }
}

/** y = act(x convolved with the form's kernel + bias). */
export function emitWinograd(
  x: Tensor,
  y: Tensor,
  form: WinogradForm,
  emitter: Emitter,
  bias: Ref | undefined,
  relu: boolean,
): void {
  emitter.call('winogradConv', emitter.batch, {
    ...tensorArguments('x', x),
    ...tensorArguments('y', y),
    ...form,
    height: y.height,
    width: y.width,
    inputs: x.columns,
    columns: y.columns,
    bias,
    relu: relu ? 1 : 0,
  })
}

/** w -= update(dw): partial products of groups of images, then their sum, transformed back. */
export function emitWinogradUpdate(op: FusedOp, emitter: Emitter, x: Tensor, dz: Tensor, kernel: WeightRef): void {
  const panels = Math.ceil(dz.columns / 8)
  const { update, batch } = emitter
  const positionBytes = panels * x.columns * 32 + 64
  const groupBytes = 16 * positionBytes
  const partial = emitter.scratch(`${op.node.name}.partial`, GROUPS * groupBytes)
  const form = { partial, groupBytes, positionBytes, inputs: x.columns, columns: dz.columns, groups: GROUPS }
  const sizes = { height: dz.height, width: dz.width, batch }
  emitter.call('winogradDw', GROUPS, { ...tensorArguments('x', x), ...tensorArguments('dz', dz), ...sizes, ...form })
  const tileInputs = 16
  const tiles = panels * Math.ceil(x.columns / tileInputs)
  emitter.call('winogradUpdate', tiles, { ...form, tileInputs, w: kernel.at, panelBytes: kernel.panelBytes, update })
}
