import { checkDataset, type ImageDataset } from '@gicho/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitLast } from './split-last.ts'

function dataset(length: number): ImageDataset {
  return {
    images: Uint8Array.from({ length: length * 6 }, (_, i) => i),
    labels: Uint8Array.from({ length }, (_, i) => i % 10),
    length,
    shape: [2, 3, 1],
    classNames: Array.from('0123456789'),
    split: 'train',
    source: 'test',
  }
}

// Keras 3: int(math.floor(n * (1.0 - validation_split)))
test.each([
  [60000, 0.1, 54000],
  [10, 0.3, 7],
  [7, 0.5, 3],
  [60000, 1 / 6, 50000],
])('of %i images, %f are held out as Keras does', (length, fraction, kept) => {
  const [train, validation] = splitLast(dataset(length), fraction)
  expect([train.length, validation.length]).toEqual([kept, length - kept])
})

test('both parts are whole, in order, and share the memory', () => {
  const lengths = fc.tuple(fc.integer({ min: 2, max: 99 }), fc.double({ min: 0.01, max: 0.5, noNaN: true }))
  fc.assert(
    fc.property(lengths, ([length, fraction]) => {
      const data = dataset(length)
      fc.pre(Math.floor(length * (1 - fraction)) < length)
      const [train, validation] = splitLast(data, fraction)
      checkDataset(train)
      checkDataset(validation)
      expect([...train.labels, ...validation.labels]).toEqual([...data.labels])
      expect([...train.images, ...validation.images]).toEqual([...data.images])
      expect(validation.images.buffer).toBe(data.images.buffer)
      expect([train.split, validation.split]).toEqual(['train', 'test'])
    }),
  )
})

test('a fraction that is outside 0..1 or leaves a part empty is refused', () => {
  expect(() => splitLast(dataset(4), 0)).toThrow('splitLast: expected a fraction between 0 and 1, got 0.')
  expect(() => splitLast(dataset(4), Number.NaN)).toThrow('got NaN')
  expect(() => splitLast(dataset(1), 0.5)).toThrow(
    'splitLast: expected both parts to have images, got 0 and 1 of 1 for the fraction 0.5. ' +
      'Give more images or another fraction.',
  )
  expect(() => splitLast(dataset(4), 1e-20)).toThrow('got 4 and 0 of 4')
})
