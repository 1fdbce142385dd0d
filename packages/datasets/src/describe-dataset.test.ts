import type { ImageDataset } from '@gicho/core'
import { expect, test } from 'vitest'
import { describeDataset } from './describe-dataset.ts'

const dataset = (images: readonly number[], labels: readonly number[]): ImageDataset => ({
  images: Uint8Array.from(images),
  labels: Uint8Array.from(labels),
  length: labels.length,
  shape: [1, 2, 1],
  classNames: ['a', 'b', 'c'],
  split: 'train',
  source: 'test',
})

test('a dataset is described: shapes, types, ranges, counts, mean image, duplicates', () => {
  const data = dataset([1, 2, 7, 0, 1, 2, 1, 2, 10, 200], [0, 0, 0, 2, 2])
  expect(describeDataset(data)).toEqual({
    imagesShape: [5, 1, 2, 1],
    imagesType: 'uint8',
    imagesRange: [0, 200],
    labelsType: 'uint8',
    labelsRange: [0, 2],
    classes: [
      { label: 0, name: 'a', count: 3 },
      { label: 1, name: 'b', count: 0 },
      { label: 2, name: 'c', count: 2 },
    ],
    meanImage: Float32Array.of(4, 206 / 5),
    duplicates: { images: 2, otherLabel: 1 },
  })
})

test('images that the other split has too are counted', () => {
  const data = dataset([1, 2, 7, 0, 1, 2], [0, 0, 0])
  const other = dataset([9, 9, 1, 2], [0, 1])
  expect(describeDataset(data, { other }).duplicates).toEqual({ images: 1, otherLabel: 0, inOther: 2 })
})

test('images of one hash are told apart by their bytes', () => {
  // 65,536 images in 2^32 hashes: a few of them are likely to share one.
  const pairs = Array.from({ length: 65_536 }, (_, i) => [i >> 8, i & 255]).flat()
  const data = { ...dataset(pairs, []), length: 65_536, labels: new Uint16Array(65_536) }
  const { duplicates, labelsType } = describeDataset(data)
  expect([duplicates.images, labelsType]).toEqual([0, 'uint16'])
})

test('an empty dataset has a description', () => {
  expect(describeDataset(dataset([], []))).toMatchObject({ imagesRange: [0, 0], meanImage: Float32Array.of(0, 0) })
})
