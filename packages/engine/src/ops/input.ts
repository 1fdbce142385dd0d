/*
 * x = table[byte] of the images that the step's order names: gather, rescale and layout in the step's first kernel. Where images are
 * augmented the affine sample is part of it.
 */
import { fillModes } from '@gicho/core'
import { type DrawnInput, type Emitter, type Tensor, tensorArguments } from './emitter.ts'
import type { FusedOp, Op } from './op.ts'

function forward(op: FusedOp, emitter: Emitter): void {
  const y = emitter.output(op.output)
  const { images, byteTable: table, drawn } = emitter
  if (drawn && emitter.mode === 'train') emitDrawn(emitter, y, drawn)
  else {
    const { height, width, channels } = y
    emitter.call('gather', emitter.batch, { ...tensorArguments('y', y), images, height, width, channels, table })
  }
}

function emitDrawn(emitter: Emitter, y: Tensor, { draws, shape, augmentation }: DrawnInput): void {
  const [height, width, channels] = shape
  const flat = y.height !== height || y.width !== width
  // A model that takes its images as rows of values has them in the same memory, pixel after pixel.
  const strides = flat ? { yRow: width * channels * 4, yPixel: channels * 4 } : {}
  emitter.call('gatherDrawn', emitter.batch, {
    ...tensorArguments('y', y),
    ...strides,
    images: emitter.images,
    height,
    width,
    channels,
    table: emitter.byteTable,
    draws,
    fillMode: fillModes.indexOf(augmentation.fillMode),
    cvalf: augmentation.cval,
    tailBytes: flat ? (y.columns - y.channels) * 4 : 0,
  })
}

export const input: Op = { forward }
