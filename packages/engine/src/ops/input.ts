/* x = table[byte] of the images that the step's order names: gather, rescale and layout in the step's first kernel. */
import { type Emitter, tensorArguments } from './emitter.ts'
import type { FusedOp, Op } from './op.ts'

function forward(op: FusedOp, emitter: Emitter): void {
  const y = emitter.output(op.output)
  const { height, width, channels } = y
  emitter.call('gather', emitter.batch, {
    ...tensorArguments('y', y),
    images: emitter.images,
    height,
    width,
    channels,
    table: emitter.byteTable,
  })
}

export const input: Op = { forward }
