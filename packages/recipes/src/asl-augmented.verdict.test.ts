import type { EpochLogs } from '@gicho/core'
import { expect, test } from 'vitest'
import { records } from '../test/walk.ts'
import { aslAugmentedReference } from './asl-augmented.reference.ts'
import { judge } from './asl-augmented.verdict.ts'
import { aslCnnReference } from './asl-cnn.reference.ts'

/** Twenty epochs that have been at their best once and then stay at this. */
function ending(accuracy: number, val_accuracy: number, best: number): ReturnType<typeof records> {
  const epoch = (value: number): EpochLogs => ({ loss: 0.05, accuracy, val_loss: 0.1, val_accuracy: value })
  return records([
    ...aslAugmentedReference.slice(0, 4),
    epoch(best),
    ...Array.from({ length: 15 }, () => epoch(val_accuracy)),
  ])
}

test("the course's own run is higher than lesson 3's, and honestly not steadier by its last epochs", () => {
  const { grade, text } = judge(records(aslAugmentedReference))
  expect(grade).toBe('in-band')
  expect(text.en).toContain('98.6% of the pictures that it practised with, and in 97.1%')
  expect(text.en).toContain(
    "Is it higher than lesson 3 (the course's recorded run), which had 95.2%? Yes, by 2.0 points",
  )
  expect(text.en).toContain('two runs that differ only in their seed may lie as far apart')
  expect(text.en).toContain(
    'Is it steadier? Not by its last epochs: its standard deviation is 2.5 points, there it was 0.3',
  )
  expect(text.ko).toContain('표준편차')
  expect(text.ko.split('\n\n')).toHaveLength(text.en.split('\n\n').length)
})

test('the band is the mean of the last five from .96, a best of .985, and .98 to .99 of the practised pictures', () => {
  expect(judge(ending(0.98, 0.96, 0.985)).grade).toBe('in-band')
  expect(judge(ending(0.99, 0.97, 0.985)).grade).toBe('in-band')
  expect(judge(ending(0.9799, 0.97, 0.985)).grade).toBe('below-band')
  expect(judge(ending(0.985, 0.9599, 0.985)).grade).toBe('below-band')
  expect(judge(ending(0.985, 0.97, 0.9849)).grade).toBe('below-band')
  expect(judge(ending(0.9901, 0.97, 0.985)).grade).toBe('above-band')
  expect(judge(ending(0.9901, 0.97, 0.985)).text.en).toContain('were they really turned, moved and mirrored?')
})

test('new pictures that are read better than practised ones are explained', () => {
  expect(judge(ending(0.985, 0.99, 0.99)).text.en).toContain('New pictures are the easier ones now')
  expect(judge(records(aslAugmentedReference.slice(0, 1))).text.en).not.toContain('the easier ones')
})

test("an early stop is held against the course's curve at the same epoch, and told to be patient", () => {
  for (let epochs = 1; epochs < 20; epochs++) {
    expect(judge(records(aslAugmentedReference.slice(0, epochs))).grade, String(epochs)).toBe('in-band')
  }
  expect(judge(records(aslAugmentedReference.slice(0, 3))).text.en).toContain('the gain comes in later epochs')
  const first = { loss: 1.1, accuracy: 0.6, val_loss: 0.5, val_accuracy: 0.8 }
  expect(judge(records([first])).grade).toBe('below-band')
})

test("the learner's own run of lesson 3 is preferred to the recorded one", () => {
  const earlier = aslCnnReference.map((epoch, i) => ({ ...epoch, val_accuracy: i % 2 ? 0.99 : 0.79 }))
  const { text } = judge(records(aslAugmentedReference), { earlier })
  expect(text.en).toContain('lesson 3 (your newest run), which had 91.0%? Yes, by 6.1 points.')
  expect(text.en).toContain('Is it steadier? Yes')
})
