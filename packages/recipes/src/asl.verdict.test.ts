import type { EpochLogs } from '@gicho/core'
import { expect, test } from 'vitest'
import { records } from '../test/walk.ts'
import { aslReference } from './asl.reference.ts'
import { judge } from './asl.verdict.ts'
import { letters } from './judging/run-facts.ts'

/** Twenty epochs that end with this accuracy and five times this val_accuracy. */
function ending(accuracy: number, ...last: number[]): ReturnType<typeof records> {
  const vals = last.length === 1 ? Array.from({ length: 5 }, () => last[0] ?? 0) : last
  const end = vals.map((val_accuracy): EpochLogs => ({ loss: 0.1, accuracy, val_loss: 1, val_accuracy }))
  return records([...aslReference.slice(0, 15), ...end])
}

test("the course's own run shows overfitting, and says how much, how steadily, and beside lesson 1", () => {
  const { grade, text } = judge(records(aslReference))
  expect(grade).toBe('in-band')
  expect(text.en).toContain(
    '98.1% of the pictures that it practised with, and in 79.5% of those that it has never seen',
  )
  expect(text.en).toContain('lay between 72.4% and 84.1%, with a standard deviation of 4.1 points')
  expect(text.en).toContain('gap of 18.6 points is overfitting')
  expect(text.en).toContain("read 97.5% of the new pictures in lesson 1 (the course's recorded run)")
  for (const part of ['98.1%', '79.5%', '18.6', '과적합', '수업 3']) expect(text.ko).toContain(part)
  expect(text.ko.split('\n\n')).toHaveLength(text.en.split('\n\n').length)
})

test('the band is the mean of the last five epochs, from .70 to .86, with .97 of the practised pictures', () => {
  expect(judge(ending(0.98, 0.7001)).grade).toBe('in-band')
  expect(judge(ending(0.98, 0.6999)).grade).toBe('below-band')
  expect(judge(ending(0.98, 0.8599)).grade).toBe('in-band')
  expect(judge(ending(0.98, 0.8601)).grade).toBe('above-band')
  expect(judge(ending(0.97, 0.8)).grade).toBe('in-band')
  expect(judge(ending(0.9699, 0.8)).grade).toBe('below-band')
  expect(judge(ending(0.9699, 0.8)).text.en).toContain('asks for 97.0% of the practised pictures')
})

test('one bad epoch does not decide, and is named', () => {
  const { grade, text } = judge(ending(0.98, 0.82, 0.83, 0.82, 0.83, 0.55))
  expect(grade).toBe('in-band')
  expect(text.en).toContain('out of line with 55.0%')
  expect(text.en).toContain('without it the mean would be 82.5%')
  expect(judge(records(aslReference.slice(0, 2))).text.en).not.toContain('out of line') // still on its way up
})

test('a small gap, and none, are named as such', () => {
  expect(judge(ending(0.98, 0.95)).text.en).toContain('overfitting, which this lesson is about, hardly shows')
  expect(judge(ending(0.98, 0.99)).text.en).toContain('there is no overfitting yet')
})

test("an early stop is held against the course's training accuracy of the same epoch", () => {
  for (let epochs = 1; epochs < 20; epochs++) {
    expect(judge(records(aslReference.slice(0, epochs))).grade, String(epochs)).toBe('in-band')
  }
  const third = { loss: 0.6, accuracy: 0.79, val_loss: 1, val_accuracy: 0.5 }
  expect(judge(records([...aslReference.slice(0, 2), third])).grade).toBe('in-band')
  const { grade, text } = judge(records([...aslReference.slice(0, 2), { ...third, accuracy: 0.78 }]))
  expect(grade).toBe('below-band')
  expect(text.en).toContain('at this point')
})

test("the learner's own run of lesson 1 is preferred to the recorded one", () => {
  const own = [{ loss: 0.1, accuracy: 0.99, val_loss: 0.1, val_accuracy: 0.9811 }]
  expect(judge(records(aslReference), { earlier: own }).text.en).toContain(
    '98.1% of the new pictures in lesson 1 (your newest run)',
  )
  expect(judge(records(aslReference), { earlier: own }).text.ko).toContain('수업 1(내가 가장 최근에 한 실행)')
})

test("a limited run and other pictures can't be held against the course, and get no grade", () => {
  const limited = judge(records(aslReference), { facts: { ...letters, perEpoch: 3200 } })
  expect(limited.grade).toBeUndefined()
  expect(limited.text.en).toContain('3,200 of 27,455 training pictures in an epoch and 7,172 of 7,172 for validation')
  const other = judge(records(aslReference), { facts: { ...letters, perEpoch: 27_455, classNames: ['cat', 'dog'] } })
  expect(other.grade).toBeUndefined()
  expect(other.text.ko).toContain('다른 그림')
  expect(judge(records(aslReference), { facts: { ...letters, perEpoch: 27_456 } }).grade).toBe('in-band')
})

test('without an epoch, without validation, or with a loss that is no number, there is nothing to compare', () => {
  expect(judge([]).text.en).toContain('No epoch was finished')
  expect(judge(records([{ loss: 0.1, accuracy: 0.9 }]))).toMatchObject({
    text: { en: expect.stringContaining('not validated') },
  })
  const runaway = judge(records([{ loss: Number.NaN, accuracy: 0.1, val_loss: 1, val_accuracy: 0.1 }]))
  expect(runaway).toMatchObject({ grade: 'below-band', text: { en: expect.stringContaining('NaN') } })
})
