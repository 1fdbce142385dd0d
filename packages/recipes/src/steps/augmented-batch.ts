import type { Batch } from '@gicho/augment'
import type { StepOutput } from '@gicho/core'

const COLUMNS = 8

/** A batch of transformed pictures, values 0..1, as a grid in the colours that matplotlib takes where no map is named. */
export function augmentedBatch(batch: Batch, classNames: readonly string[]): StepOutput {
  const [length, height, width, channels] = batch.shape
  const size = height * width * channels
  return {
    kind: 'pictures',
    title: `x[0:${length}]`,
    columns: COLUMNS,
    pictures: Array.from({ length }, (_, i) => ({
      title: classNames[batch.labels?.[i] ?? 0] ?? '',
      pixels: Uint8Array.from(batch.images.subarray(i * size, (i + 1) * size), (value) => Math.round(value * 255)),
      shape: [height, width, channels],
    })),
    colours: 'viridis',
  }
}
