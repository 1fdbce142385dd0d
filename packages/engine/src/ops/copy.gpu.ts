/* Ops that only move values: a relu or dropout by itself, a Reshape, an addition. */
import type { Emitter } from './emitter.ts'
import { finishOf, type GpuEmitter, type GpuOp, isPlain, PLAIN } from './gpu-emitter.ts'
import type { FusedOp } from './op.ts'

function copyForward(op: FusedOp, emitter: GpuEmitter): void {
  const x = emitter.output(op.inputs[0] ?? 0)
  emitter.call('copy', { x, y: emitter.output(op.output), add: false, finish: finishOf(op, emitter) })
}

function copyBackward(op: FusedOp, emitter: GpuEmitter): void {
  const dy = emitter.gradient(op.output)
  for (const input of op.inputs) {
    if (!emitter.isConstant(input))
      emitter.call('copy', { x: dy, y: emitter.gradient(input), add: false, finish: PLAIN })
  }
}

/** An activation or dropout that works on a copy. */
export const copyGpu: GpuOp = { forward: copyForward, backward: copyBackward }

function addForward(op: FusedOp, emitter: GpuEmitter): void {
  const y = emitter.output(op.output)
  op.inputs.forEach((input, i) => {
    const finish = i === op.inputs.length - 1 ? finishOf(op, emitter) : PLAIN
    emitter.call('copy', { x: emitter.output(input), y, add: i > 0, finish })
  })
}

/** Add: dx = dy for each of its inputs. */
export const addGpu: GpuOp = { forward: addForward, backward: copyBackward }

function isView(op: FusedOp, emitter: Pick<Emitter, 'output'>): boolean {
  return emitter.output(op.inputs[0] ?? 0).at.buffer === emitter.output(op.output).at.buffer
}

function reshapeForward(op: FusedOp, emitter: GpuEmitter): void {
  const x = emitter.output(op.inputs[0] ?? 0)
  const y = emitter.output(op.output)
  const finish = finishOf(op, emitter)
  if (!isView(op, emitter)) emitter.call('relayout', { x, y, finish })
  else if (!isPlain(finish)) emitter.call('copy', { x: y, y, add: false, finish })
}

function reshapeBackward(op: FusedOp, emitter: GpuEmitter): void {
  const input = op.inputs[0] ?? 0
  if (isView(op, emitter) || emitter.isConstant(input)) return
  emitter.call('relayout', { x: emitter.gradient(op.output), y: emitter.gradient(input), finish: PLAIN })
}

/** A Flatten that is a view costs nothing. */
export const reshapeGpu: GpuOp = { forward: reshapeForward, backward: reshapeBackward }
