import type { Shape } from '@gicho/core'
import { type Buffer, type Emitter, type Halo, NO_HALO, type Tensor, tensorArguments } from './emitter.ts'

/** Channels as stored: padded to fours, so that every kernel works in whole vectors. */
export function paddedColumns(channels: number): number {
  return Math.ceil(channels / 4) * 4
}

/** True when there are zeros around the image. */
export function hasHalo(halo: Halo): boolean {
  return halo.top + halo.left + halo.bottom + halo.right > 0
}

/** A sample's shape as an image: the last axis is channels, the one before it width, all others together height. */
export function imageOf(shape: Shape): { height: number; width: number; channels: number } {
  const height = shape.slice(0, -2).reduce((product, size) => product * size, 1)
  return { height, width: shape.at(-2) ?? 1, channels: shape.at(-1) ?? 1 }
}

/** How a tensor is laid out: zeros around its images, channels that aren't padded, values as 16-bit floats. */
export interface TensorForm {
  readonly halo?: Halo | undefined
  readonly packed?: boolean
  readonly half?: boolean
}

/** Lays a batch of samples out in a buffer of its own. */
export function makeTensor(name: string, batch: number, shape: Shape, form: TensorForm = {}): Tensor {
  const { halo = NO_HALO, packed = false, half = false } = form
  const { height, width, channels } = imageOf(shape)
  const columns = packed ? channels : paddedColumns(channels)
  const pixel = columns * 4
  const row = (width + halo.left + halo.right) * pixel
  const rows = (height + halo.top + halo.bottom) * row
  // Samples a power of two apart would fall into the same few sets of the first cache.
  const image = Math.ceil(rows / 16) * 16 + (rows % 512 === 0 ? 64 : 0)
  // Vector loads may read a little behind the last pixel.
  const kind = hasHalo(halo) ? 'kept' : 'step'
  const buffer: Buffer = { name, bytes: batch * image + 64, kind, address: 0, ...(half ? { half } : {}) }
  return {
    name,
    batch,
    height,
    width,
    channels,
    columns,
    halo,
    pixel,
    row,
    image,
    at: { buffer, offset: halo.top * row + halo.left * pixel },
  }
}

/** The same memory as one row of values a sample; the tensor must have no halo. */
export function flatTensor(tensor: Tensor): Tensor {
  const columns = tensor.height * tensor.width * tensor.columns
  return { ...tensor, height: 1, width: 1, channels: columns, columns, pixel: columns * 4, row: columns * 4 }
}

/** The smallest halo that holds both. */
export function joinHalos(a: Halo, b: Halo): Halo {
  return {
    top: Math.max(a.top, b.top),
    left: Math.max(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
  }
}

/** The same tensor seen from another pixel and channel on. */
export function moved(tensor: Tensor, row: number, column: number, channel: number): Tensor {
  const offset = tensor.at.offset + row * tensor.row + column * tensor.pixel + channel * 4
  return { ...tensor, at: { buffer: tensor.at.buffer, offset } }
}

/** y = x, or y += x, over the pixels that the smaller of both has. Padding is copied with the rest unless `zeros` says how much there is. */
export function copyTensor(
  emitter: Emitter,
  x: Tensor,
  y: Tensor,
  { add = false, zeros }: { readonly add?: boolean; readonly zeros?: number } = {},
): void {
  const whole = Math.min(x.columns, y.columns)
  emitter.call('copyBlock', emitter.batch, {
    ...tensorArguments('x', x),
    ...tensorArguments('y', y),
    height: Math.min(x.height, y.height),
    width: Math.min(x.width, y.width),
    channels: zeros === undefined ? whole : Math.min(x.channels, y.channels),
    zeros: zeros ?? 0,
    add: add ? 1 : 0,
  })
}
