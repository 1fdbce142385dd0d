import { ImageDataGenerator } from '@gicho/augment'
import type { ImageDataset, Picture } from '@gicho/core'
import { sizeOf } from '@gicho/core'

/** The sliders of the augmentation playground, under Keras' names. */
export interface Ranges {
  /** Degrees. */
  readonly rotationRange: number
  readonly zoomRange: number
  /** Share of the width. */
  readonly widthShiftRange: number
  readonly heightShiftRange: number
  /** Degrees. */
  readonly shearRange: number
  readonly horizontalFlip: boolean
  readonly verticalFlip: boolean
}

/** One picture of a set under many draws; the first is the picture itself. */
export function playAugment(data: ImageDataset, index: number, ranges: Ranges, draws: number, seed: number): Picture[] {
  const size = sizeOf(data.shape)
  const row = index % data.length
  const pixels = data.images.slice(row * size, (row + 1) * size)
  const title = data.classNames[data.labels[row] ?? 0] ?? ''
  const generator = new ImageDataGenerator({ ...ranges, seed })
  const image = Float32Array.from(pixels)
  const drawn = Array.from({ length: draws }, () => {
    const values = generator.randomTransform(image, data.shape)
    return { title, pixels: Uint8Array.from(values, (value) => Math.round(value)), shape: data.shape }
  })
  return [{ title, pixels, shape: data.shape }, ...drawn]
}
