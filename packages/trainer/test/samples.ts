import { type ImageDataset, RandomState } from '@gicho/core'

/** `length` images of 2x2 bytes, with labels 0, 1, 2, 0, … */
export function samples(length: number): ImageDataset {
  const random = new RandomState(1)
  return {
    images: Uint8Array.from({ length: length * 4 }, () => random.randint(0, 256)),
    labels: Uint8Array.from({ length }, (_, row) => row % 3),
    length,
    shape: [2, 2, 1],
    classNames: ['a', 'b', 'c'],
    split: 'train',
    source: 'seeded noise',
  }
}
