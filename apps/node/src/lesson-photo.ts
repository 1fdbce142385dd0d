import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { GichoError, type ImageDataset, messageOf } from '@gicho/core'
import type { Photo } from '@gicho/recipes'
import { encode } from 'fast-png'

/** Sides of a photo that is made from a small picture. */
const SIDE = 186

/** An image file of the learner's. @throws GichoError `not-found` when it can't be read */
export async function photoFile(path: string): Promise<Photo> {
  try {
    return { name: basename(path), bytes: await readFile(path) }
  } catch (error) {
    const message = `--image ${path}: expected an image file, but it can't be read (${messageOf(error)}).`
    throw new GichoError('not-found', message, { cause: error })
  }
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
