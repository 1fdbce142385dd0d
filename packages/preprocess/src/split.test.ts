import { checkDataset, type ImageDataset, RandomState } from '@gicho/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { split } from './split.ts'

/** Images of 2x3 bytes that hold their own number, with these labels. */
function dataset(labels: readonly number[]): ImageDataset {
  return {
    images: Uint8Array.from({ length: labels.length * 6 }, (_, i) => Math.floor(i / 6)),
    labels: Uint8Array.from(labels),
    length: labels.length,
    shape: [2, 3, 1],
    classNames: Array.from('0123456789'),
    split: 'train',
    source: 'test',
  }
}

/** The numbers of a part's images. */
const numbers = ({ images }: ImageDataset): number[] => [...images].filter((_, i) => i % 6 === 0)

test('without classes it is numpy’s permutation, cut in two', () => {
  const { train, validation } = split(dataset([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]), {
    fraction: 0.3,
    seed: 5,
    stratified: false,
  })
  // np.random.RandomState(5).permutation(10)
  const order = [...new RandomState(5).permutation(10)]
  expect([numbers(train), numbers(validation)]).toEqual([order.slice(0, 7), order.slice(7)])
})

test('rows that lie sorted by class show every class in both parts, in equal shares', () => {
  const labels = [...Array(50).fill(0), ...Array(30).fill(1), ...Array(20).fill(2)]
  const { train, validation } = split(dataset(labels), { fraction: 0.1 })
  const counts = ({ labels: own }: ImageDataset) =>
    [0, 1, 2].map((label) => own.filter((each) => each === label).length)
  expect([counts(train), counts(validation)]).toEqual([
    [45, 27, 18],
    [5, 3, 2],
  ])
  expect([...validation.labels]).not.toEqual([...validation.labels].sort())
})

test('both parts are whole and together hold every row once with its label; a class’ share is off by less than one image', () => {
  const anyLabels = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 200 })
  fc.assert(
    fc.property(
      anyLabels,
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.boolean(),
      (labels, fraction, stratified) => {
        const kept = Math.floor(labels.length * (1 - fraction))
        fc.pre(kept > 0 && kept < labels.length)
        const data = dataset(labels)
        const { train, validation } = split(data, { fraction, seed: 3, stratified })
        checkDataset(train)
        checkDataset(validation)
        expect([train.length, train.split, validation.split]).toEqual([kept, 'train', 'test'])
        const both = [...numbers(train), ...numbers(validation)]
        expect([...both].sort((a, b) => a - b)).toEqual(labels.map((_, row) => row))
        expect([...train.labels, ...validation.labels]).toEqual(both.map((row) => labels[row]))
        for (const label of stratified ? new Set(labels) : []) {
          const count = (part: Iterable<number>) => [...part].filter((each) => each === label).length
          const share = (count(labels) * validation.length) / labels.length
          expect(Math.abs(count(validation.labels) - share)).toBeLessThan(1)
        }
      },
    ),
  )
})

test('one seed gives the same parts, another seed others', () => {
  const data = dataset(Array.from({ length: 60 }, (_, i) => i % 10))
  expect(split(data, { fraction: 0.2, seed: 1 })).toEqual(split(data, { fraction: 0.2, seed: 1 }))
  expect(numbers(split(data, { fraction: 0.2, seed: 1 }).train)).not.toEqual(
    numbers(split(data, { fraction: 0.2 }).train),
  )
})

test('what can’t be split is refused', () => {
  const data = dataset([0, 1, 0, 1])
  expect(() => split(data, { fraction: 1 })).toThrow('split: expected a fraction between 0 and 1, got 1.')
  expect(() => split(data, { fraction: 1e-20 })).toThrow('split: expected both parts to have images, got 4 and 0 of 4')
  const options: object = { fraction: 0.5, sead: 1 }
  expect(() => split(data, { fraction: 0.5, ...options })).toThrow('split: there is no option sead. Did you mean seed?')
})
