/* x = table[byte] of the images that the step's order names, through their draws where images are augmented. */
import { finishOf, type GpuEmitter, type GpuOp, isPlain } from './gpu-emitter.ts'
import type { FusedOp } from './op.ts'

function forward(op: FusedOp, emitter: GpuEmitter): void {
  const { byteTable: table, imageShape: shape, capacity, mode } = emitter
  const augmentation = mode === 'train' ? emitter.augmentation : undefined
  const y = emitter.output(op.output)
  const finish = finishOf(op, emitter)
  emitter.call('gather', { y, table, shape, capacity, augmentation })
  // Few models drop from their input: a pass of its own.
  if (!isPlain(finish)) emitter.call('copy', { x: y, y, add: false, finish })
}

export const inputGpu: GpuOp = { forward }
