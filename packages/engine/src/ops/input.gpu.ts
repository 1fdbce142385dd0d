/* x = table[byte] of the images that the step's order names, through their draws where images are augmented. */
import type { GpuEmitter, GpuOp } from './gpu-emitter.ts'
import type { FusedOp } from './op.ts'

function forward(op: FusedOp, emitter: GpuEmitter): void {
  const { byteTable: table, imageShape: shape, capacity, mode } = emitter
  const augmentation = mode === 'train' ? emitter.augmentation : undefined
  emitter.call('gather', { y: emitter.output(op.output), table, shape, capacity, augmentation })
}

export const inputGpu: GpuOp = { forward }
