import type { EpochLogs } from '@gicho/core'
import { expect, test } from 'vitest'
import { records } from '../test/walk.ts'
import { aslReference } from './asl.reference.ts'
import { aslCnnReference } from './asl-cnn.reference.ts'
import { judge } from './asl-cnn.verdict.ts'
import { letters } from './judging/run-facts.ts'

/** Twenty epochs of the same numbers. */
function steady(accuracy: number, val_accuracy: number): ReturnType<typeof records> {
  return records(Array.from({ length: 20 }, (): EpochLogs => ({ loss: 0.01, accuracy, val_loss: 0.2, val_accuracy })))
}

test("the course's own run is higher and steadier than that of lesson 2, and the gap has shrunk", () => {
  const { grade, text } = judge(records(aslCnnReference))
  expect(grade).toBe('in-band')
  expect(text.en).toContain('99.97% of the pictures that it practised with, and in 95.2%')
  expect(text.en).toContain('best epoch on new pictures was number 8, with 96.4%')
  expect(text.en).toContain(
    "Is it higher than lesson 2 (the course's recorded run), which had 79.5%? Yes, by 15.7 points.",
  )
  expect(text.en).toContain(
    'Is it steadier? Yes: its standard deviation is 0.3 points, there it was 4.1 (72.4% to 84.1%).',
  )
  expect(text.en).toContain('shrunk from 18.6 to 4.8 points')
  expect(text.ko).toContain('15.7퍼센트포인트 높습니다')
  expect(text.ko.split('\n\n')).toHaveLength(text.en.split('\n\n').length)
})

test('the band is the best epoch, from .94 to .98, with .999 of the practised pictures', () => {
  expect(judge(steady(0.999, 0.94)).grade).toBe('in-band')
  expect(judge(steady(0.999, 0.98)).grade).toBe('in-band')
  expect(judge(steady(0.999, 0.9801)).grade).toBe('above-band')
  expect(judge(steady(0.999, 0.9399)).grade).toBe('below-band')
  expect(judge(steady(0.9989, 0.95)).grade).toBe('below-band')
})

test("an early stop is held against the course's curve at the same epoch", () => {
  for (let epochs = 1; epochs < 20; epochs++) {
    expect(judge(records(aslCnnReference.slice(0, epochs))).grade, String(epochs)).toBe('in-band')
  }
  const first = { loss: 0.3, accuracy: 0.89, val_loss: 0.5, val_accuracy: 0.8 }
  expect(judge(records([first])).grade).toBe('in-band')
  expect(judge(records([first])).text.en).not.toContain('best epoch on new pictures')
  expect(judge(records([{ ...first, accuracy: 0.88 }])).grade).toBe('below-band')
  expect(judge(records([{ ...first, val_accuracy: 0.79 }])).grade).toBe('below-band')
})

test("after three epochs it is compared with lesson 2's first three", () => {
  expect(judge(records(aslCnnReference.slice(0, 3))).text.en).toContain('which had 60.8%? Yes, by 29.2 points.')
})

test("the learner's own run of lesson 2 is preferred, and a run below it is said to be so", () => {
  const earlier = aslReference.map((epoch) => ({ ...epoch, accuracy: 0.9, val_accuracy: 0.96 }))
  const { text } = judge(records(aslCnnReference), { earlier })
  expect(text.en).toContain(
    'Is it higher than lesson 2 (your newest run), which had 96.0%? No, it lies 0.8 points below, no further than two runs that differ only in their seed.',
  )
  expect(text.en).toContain('Is it steadier? Not by its last epochs')
  expect(text.en).toContain('gap between practised and new pictures is 4.8 points, where there was none')
})

test('on other pictures it is compared with the own run of lesson 2 on them alone', () => {
  const facts = { train: 60_000, test: 10_000, perEpoch: 60_000, classNames: ['0', '1'] }
  const alone = judge(records(aslCnnReference), { facts })
  expect(alone.grade).toBeUndefined()
  expect(alone.text.en).not.toContain('Is it higher')
  expect(judge(records(aslCnnReference), { facts, earlier: aslReference }).text.en).toContain(
    'lesson 2 (your newest run)',
  )
})

test('a limited run gets no grade', () => {
  const { grade, text } = judge(records(aslCnnReference), {
    facts: { ...letters, train: 1000, test: 100, perEpoch: 1000 },
  })
  expect(grade).toBeUndefined()
  expect(text.en).toContain('limited run: 1,000 of 27,455')
})
