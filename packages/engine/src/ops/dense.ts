/*
 * y = act(x W + b), [batch, inputs] x [inputs, units].
 * Gradients: dW = x^T dz, db = sum of dz, dx = dz W^T, where dz = dy where y > 0.
 */
import type { Emitter, Mask } from './emitter.ts'
import { tensorArguments } from './emitter.ts'
import { denseInput } from './inputs.ts'
import type { FusedOp, Op } from './op.ts'

const INPUTS_PER_TILE = 128

function forward(op: FusedOp, emitter: Emitter): void {
  const x = denseInput(op, emitter)
  const y = emitter.output(op.output)
  const kernel = emitter.weight(op.node, 'kernel')
  if (!kernel) return
  const panels = Math.ceil(y.columns / 8)
  emitter.call('gemm', panels, {
    ...tensorArguments('x', x),
    ...tensorArguments('y', y),
    height: 1,
    width: 1,
    rows: emitter.batch,
    segments: emitter.constants('dense.segments', [0]),
    segmentCount: 1,
    segmentLength: x.columns,
    w: kernel.at,
    panelBytes: kernel.panelBytes,
    columns: y.columns,
    bias: emitter.weight(op.node, 'bias')?.at,
    relu: op.relu ? 1 : 0,
    tileRows: emitter.batch,
    tilePanels: 1,
  })
}

function backward(op: FusedOp, emitter: Emitter): void {
  const x = denseInput(op, emitter)
  const dz = emitter.gradient(op.output)
  const kernel = emitter.weight(op.node, 'kernel')
  const input = op.inputs[0] ?? 0
  if (!kernel) return
  if (!emitter.isConstant(input)) {
    // Before the update: the input's gradient is that of the old weights.
    const dx = emitter.gradient(input)
    const mask: Mask | undefined = emitter.mask(input)
    emitter.call('denseDx', Math.ceil(x.columns / 8), {
      dz: dz.at,
      dzRow: dz.image,
      w: kernel.at,
      panelBytes: kernel.panelBytes,
      columns: dz.columns,
      dx: dx.at,
      dxRow: dx.image,
      batch: emitter.batch,
      inputs: x.columns,
      y: mask?.tensor.at,
      yRow: mask?.tensor.image ?? 0,
      keepf: mask?.keep ?? 1,
    })
  }
  if (kernel.trainable) {
    const panels = Math.ceil(dz.columns / 8)
    const tileInputs = panels >= 16 ? x.columns : INPUTS_PER_TILE
    emitter.call('denseDw', panels * Math.ceil(x.columns / tileInputs), {
      x: x.at,
      xRow: x.image,
      dz: dz.at,
      dzRow: dz.image,
      batch: emitter.batch,
      inputs: x.columns,
      columns: dz.columns,
      tileInputs,
      w: kernel.at,
      panelBytes: kernel.panelBytes,
      update: emitter.update,
    })
  }
  const bias = emitter.weight(op.node, 'bias')
  if (bias?.trainable) {
    emitter.call('biasUpdate', Math.ceil(dz.columns / 16), {
      dz: dz.at,
      dzRow: dz.image,
      batch: emitter.batch,
      columns: dz.columns,
      w: bias.at,
      update: emitter.update,
    })
  }
}

export const dense: Op = { forward, backward, masksInput: true }
