import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gzip, idx } from '../test/published.ts'
import { parseIdxImages, parseIdxLabels } from './idx.ts'
import { idxDataset } from './idx-dataset.ts'

const images = idx(
  [2, 2, 3],
  Uint8Array.from({ length: 12 }, (_, i) => i),
)
const labels = idx([2], Uint8Array.of(1, 0))

test('images are read, plain without a copy', async () => {
  const read = await parseIdxImages(images, 'images')
  expect(read).toEqual({ images: images.subarray(16), length: 2, height: 2, width: 3 })
  expect(read.images.buffer).toBe(images.buffer)
})

test('any images and labels come back as they were written, plain or gzip', async () => {
  const size = fc.integer({ min: 1, max: 6 })
  await fc.assert(
    fc.asyncProperty(size, size, size, fc.boolean(), async (length, height, width, packed) => {
      const pixels = Uint8Array.from({ length: length * height * width }, (_, i) => (i * 37) % 256)
      const values = pixels.subarray(0, length)
      const file = async (bytes: Uint8Array): Promise<Uint8Array> => (packed ? gzip(bytes) : bytes)
      expect(await parseIdxImages(await file(idx([length, height, width], pixels)), 'i')).toEqual({
        images: pixels,
        length,
        height,
        width,
      })
      expect(await parseIdxLabels(await file(idx([length], values)), 'l')).toEqual(values)
    }),
    { numRuns: 40 },
  )
})

test('a file that is cut off anywhere is refused', async () => {
  for (let length = 0; length < images.length; length++) {
    await expect(parseIdxImages(images.subarray(0, length), 'images')).rejects.toThrow(
      length < 16
        ? `images: expected at least 16 bytes, got ${length}. The file is cut off: get it anew.`
        : `images: expected 28 bytes for 2 x 2 x 3 values, got ${length}. The file is cut off: get it anew.`,
    )
  }
})

test('a wrong count is refused', async () => {
  const longer = new Uint8Array(images.length + 1)
  longer.set(images)
  await expect(parseIdxImages(longer, 'images')).rejects.toThrow(
    'images: expected 28 bytes for 2 x 2 x 3 values, got 29. The file is longer than its header says: get it anew.',
  )
  await expect(parseIdxImages(idx([0, 28, 28], new Uint8Array(0)), 'images')).rejects.toThrow(
    'images: expected sizes of at least 1, got 0 x 28 x 28. The file holds nothing: get it anew.',
  )
  await expect(parseIdxImages(idx([0xffffffff, 0xffffffff, 28], new Uint8Array(9)), 'images')).rejects.toMatchObject({
    code: 'bad-data',
  })
})

test.each([
  [[0, 0, 8, 1], '0x00000801', 'The file holds labels: have the image and label files been exchanged?'],
  [[0, 0, 8, 4], '0x00000804', 'The file has another number of axes: give the IDX file that the name says.'],
  [[0, 0, 13, 3], '0x00000d03', "The file's values aren't bytes: give an IDX file of unsigned bytes."],
  [[0x50, 0x4b, 3, 4], '0x504b0304', 'The file is a zip archive: unpack it first.'],
  [
    [0x3c, 0x21, 0x44, 0x4f],
    '0x3c21444f',
    'The file looks like a web page, as a failed download leaves it: get it anew.',
  ],
  [[0x76, 0x65, 0x72, 0x73], '0x76657273', 'The file looks like a Git LFS pointer: run `git lfs pull`.'],
  [[3, 8, 0, 0], '0x03080000', "The file isn't an IDX file: get it anew."],
])('the magic bytes %j are refused with what they mean', async (magic, hex, hint) => {
  await expect(parseIdxImages(Uint8Array.from([...magic, ...images.subarray(4)]), 'train-images')).rejects.toThrow(
    `train-images: expected magic 0x00000803, got ${hex}. ${hint}`,
  )
})

test('an image file in the place of labels is refused', async () => {
  await expect(parseIdxLabels(images, 'train-labels')).rejects.toThrow(
    'train-labels: expected magic 0x00000801, got 0x00000803. The file holds images: have the image and label files been exchanged?',
  )
})

test('a label outside the classes is refused with its place', async () => {
  const bytes = idx([3], Uint8Array.of(9, 10, 0))
  expect(await parseIdxLabels(bytes, 'labels')).toEqual(Uint8Array.of(9, 10, 0))
  await expect(parseIdxLabels(bytes, 'labels', { classes: 10 })).rejects.toThrow(
    'labels: expected labels 0..9, got 10 at index 1. The file is damaged or belongs to another dataset: get it anew.',
  )
})

test('images and labels make a dataset when they fit', async () => {
  const options = { classNames: ['a', 'b'], split: 'train', source: 'test' } as const
  const pair = [await parseIdxImages(images, 'i'), await parseIdxLabels(labels, 'l')] as const
  expect(idxDataset(...pair, options)).toMatchObject({ length: 2, shape: [2, 3, 1], labels: Uint8Array.of(1, 0) })
  expect(() => idxDataset(pair[0], Uint8Array.of(1), options)).toThrow(
    'dataset (train): expected 2 images of 2x3x1 and as many labels, got 12 pixels and 1 labels.',
  )
  expect(() => idxDataset(pair[0], Uint8Array.of(1, 2), options)).toThrow('label 2 of image 1')
})

test('gzip that unpacks to more than its own header says is stopped there, and one that cannot hold it at once', async () => {
  const bomb = await gzip(idx([1, 1, 1], new Uint8Array(50e6)))
  await expect(parseIdxImages(bomb, 'bomb.gz')).rejects.toThrow('bomb.gz: expected gzip of at most 17 bytes, got more.')
  await expect(parseIdxImages(await gzip(idx([60_000, 28, 28], new Uint8Array(99))), 'x.gz')).rejects.toThrow(
    /^x\.gz: expected 47040016 bytes for 60000 x 28 x 28 values, got gzip of \d+ bytes, which can't hold them\. The file is cut off: get it anew\.$/,
  )
  await expect(parseIdxImages(await gzip(new Uint8Array(50e6)), 'x.gz')).rejects.toThrow('got 0x00000000')
})
