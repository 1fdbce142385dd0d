import type { ImageDataset } from '@gicho/core'
import type { Photo } from '@gicho/recipes'

/** Sides of a photo that is made from a small picture. */
const SIDE = 186

/**
 * A photo for those who have none: a picture of the validation data, which no lesson has trained on, as a PNG.
 *
 * @param seed decides which picture
 */
export async function photoOf(data: ImageDataset, seed: number): Promise<Photo> {
  const [height, width, channels] = data.shape
  const row = seed % data.length
  const pixels = data.images.subarray(row * height * width * channels)
  const rgba = new Uint8ClampedArray(SIDE * SIDE * 4)
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const from = (Math.floor((y * height) / SIDE) * width + Math.floor((x * width) / SIDE)) * channels
      const [red = 0, green = red, blue = red] = pixels.subarray(from, from + channels)
      rgba.set([red, green, blue, 255], (y * SIDE + x) * 4)
    }
  }
  const canvas = new OffscreenCanvas(SIDE, SIDE)
  canvas.getContext('2d')?.putImageData(new ImageData(rgba, SIDE, SIDE), 0, 0)
  const blob = await canvas.convertToBlob({ type: 'image/png' })
  const label = data.classNames[data.labels[row] ?? 0] ?? '?'
  return { name: `validation-${row}-${label}.png`, bytes: new Uint8Array(await blob.arrayBuffer()) }
}
