import { expect, test } from 'vitest'
import { checkBytes, checkDataset } from './check-dataset.ts'
import type { ImageDataset } from './dataset.ts'
import { isGichoError } from './errors.ts'

const data: ImageDataset = {
  images: Uint8Array.from({ length: 12 }, (_, i) => i),
  labels: Uint8Array.of(0, 1, 1),
  length: 3,
  shape: [2, 2, 1],
  classNames: ['a', 'b'],
  split: 'train',
  source: 'a test',
}

function codeOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (isGichoError(error)) return error.code
  }
  return 'none'
}

test('a whole dataset passes', () => {
  expect(codeOf(() => checkDataset(data))).toBe('none')
})

test('arrays of the wrong length are refused', () => {
  const message = 'dataset (train): expected 3 images of 2x2x1 and as many labels, got 11 pixels and 3 labels.'
  const short = { ...data, images: data.images.subarray(1) }
  expect(() => checkDataset(short)).toThrow(message)
  expect(codeOf(() => checkDataset(short))).toBe('bad-shape')
  expect(() => checkDataset({ ...data, labels: Uint8Array.of(0) })).toThrow('got 12 pixels and 1 labels')
})

test('a label outside the classes is refused, with its place', () => {
  const wrong = { ...data, labels: Uint8Array.of(0, 2, 1) }
  expect(() => checkDataset(wrong)).toThrow(
    'dataset (train): label 2 of image 1 is outside the 2 classes (0..1). Map the labels to 0..1, or name more classes.',
  )
  expect(codeOf(() => checkDataset(wrong))).toBe('bad-data')
})

const values = [0, 1, 0.5]
test.each([
  [
    { images: Float32Array.from(data.images) },
    'images: expected bytes 0..255 in a Uint8Array, got a Float32Array. Float images',
  ],
  [{ images: Float64Array.from(data.images) }, 'got a Float64Array. Float images are not taken: turn values in 0..1'],
  [{ images: Uint8ClampedArray.from(data.images) }, 'got a Uint8ClampedArray. Pass new Uint8Array(images.buffer'],
  [{ images: [...data.images] }, 'got a plain array. Pass Uint8Array.from(images).'],
  [{ images: [[1, 2]] }, 'got a plain array. Images follow one another in one array'],
  [{ images: undefined }, 'images: expected bytes 0..255 in a Uint8Array, got nothing.'],
  [{ labels: Float32Array.of(0, 1, 1) }, 'got a Float32Array. Pass Uint16Array.from(labels).'],
  [
    { labels: Float32Array.from(values) },
    'got a Float32Array. Number 2 is 0.5: a label is the number of a class, 0 or above.',
  ],
  [{ labels: Float32Array.of(0, Number.NaN, 1) }, 'Number 1 is NaN: a label'],
  [{ labels: Int32Array.of(0, -1, 1) }, 'got an Int32Array. Number 1 is -1: a label'],
  [{ labels: [0, 1, 1] }, 'got a plain array. Pass Uint16Array.from(labels).'],
  [{ labels: ['a', 'b', 'b'] }, 'got a plain array. Number 0 is a: a label is the number of a class'],
  [{ labels: Float32Array.of(1, 0, 0, 1, 0, 1) }, 'They look like one-hot rows: pass the number of the class'],
  [{ labels: 3 }, 'labels: expected whole numbers in a Uint8Array or Uint16Array, got the number 3.'],
])('arrays of another type are refused, with what to do: %o', (change, message) => {
  const wrong = Object.assign({}, data, change)
  expect(() => checkDataset(wrong)).toThrow(message)
  expect(codeOf(() => checkDataset(wrong))).toBe('bad-data')
})

test.each([
  [{ length: undefined }, 'got a length that is nothing. It is the number of images.'],
  [{ length: 1.5 }, 'got a length that is the number 1.5.'],
  [{ shape: [63] }, 'got the shape [63]. It is [height, width, channels]'],
  [{ shape: [2, 2, 0] }, 'got the shape [2, 2, 0].'],
  [{ classNames: 2 }, 'got classNames that are the number 2.'],
])('a dataset without %o is refused by name', (change, message) => {
  const wrong = Object.assign({}, data, change)
  expect(() => checkDataset(wrong)).toThrow(message)
  expect(codeOf(() => checkDataset(wrong))).toBe('bad-argument')
})

test.each([
  [undefined, 'got nothing.'],
  [[1, 2], 'got a plain array.'],
  [{ shape: [60, 28], dataSync: () => [] }, 'got a tensor of shape [60, 28].'],
  [(function* () {})(), 'got an iterator.'],
  [async function* () {}, 'got a function.'],
  [new Map(), 'got an object of class Map.'],
  [new (class LazyDataset {})(), 'got an object of class LazyDataset.'],
])('what is no dataset is named: %o', (value, message) => {
  const given = Object.assign({ data }, { data: value })
  expect(() => checkDataset(given.data)).toThrow(message)
})

test('a Buffer is bytes too', () => {
  expect(
    codeOf(() => checkDataset({ ...data, images: Buffer.from(data.images), labels: Buffer.from(data.labels) })),
  ).toBe('none')
})

test.each<[unknown, string]>([
  [
    new ArrayBuffer(8),
    'x.png: expected the bytes of a file in a Uint8Array, got an object of class ArrayBuffer. Pass new',
  ],
  ['x.png', 'got the string x.png. Read the file before: await readFile(path) in Node.'],
  [new Blob(['x']), 'got an object of class Blob. Pass new Uint8Array(await file.arrayBuffer()).'],
  [new Float32Array(2), 'got a Float32Array.'],
  [undefined, 'got nothing.'],
])('what does not hold the bytes of a file is named, with how to get them: %o', (value, message) => {
  expect(() => checkBytes('x.png', value)).toThrow(message)
  expect(() => checkBytes('x.png', Buffer.from('x'))).not.toThrow()
})
