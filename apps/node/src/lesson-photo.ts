import { basename } from 'node:path'
import type { ImageDataset } from '@gicho/core'
import type { ImageOrientation, Photo } from '@gicho/recipes'
import { encode } from 'fast-png'
import { readPicture, STANDARD_INPUT } from './read-picture.ts'

/** Sides of a photo that is made from a small picture. */
const SIDE = 186

/** An image file of the learner's, or what is piped in for `-`. @throws GichoError what `readPicture` throws */
export async function photoFile(path: string, imageOrientation: ImageOrientation): Promise<Photo> {
  const bytes = await readPicture(path)
  return { name: path === STANDARD_INPUT ? 'standard input' : basename(path), bytes, imageOrientation }
}

/**
 * A photo for those who have none: a picture of the validation data, which no lesson has trained on, as an RGBA file of 186x186.
 *
 * @param seed decides which picture
 */
export function photoOf(data: ImageDataset, seed: number): Photo {
  const [height, width, channels] = data.shape
  const row = seed % data.length
  const pixels = data.images.subarray(row * height * width * channels)
  const rgba = new Uint8Array(SIDE * SIDE * 4)
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const from = (Math.floor((y * height) / SIDE) * width + Math.floor((x * width) / SIDE)) * channels
      const [red = 0, green = red, blue = red] = pixels.subarray(from, from + channels)
      rgba.set([red, green, blue, 255], (y * SIDE + x) * 4)
    }
  }
  const label = data.classNames[data.labels[row] ?? 0] ?? '?'
  const bytes = encode({ width: SIDE, height: SIDE, data: rgba, depth: 8, channels: 4 })
  return { name: `validation-${row}-${label}.png`, bytes }
}
