import type { Verdict } from '@gicho/core'
import { expect, test } from 'vitest'
import { records } from '../test/walk.ts'
import { mnist } from './mnist.ts'

function judged(...valAccuracies: number[]): Verdict {
  const logs = valAccuracies.map((val_accuracy) => ({ loss: 0.1, accuracy: val_accuracy, val_loss: 0.1, val_accuracy }))
  return mnist.verdict(records(logs))
}

test("the course's own run is what the lesson asks for, and its growing validation loss is remarked on", () => {
  const { grade, text } = mnist.verdict(records(mnist.reference))
  expect(grade).toBe('in-band')
  expect(text.en).toContain('97.9%')
  expect(text.en).toContain('val_loss was lowest after epoch 2 (0.101) and is 0.167 now')
  expect(text.ko).toContain('97.9%')
})

test('five epochs pass from .975 on', () => {
  expect(judged(0.96, 0.97, 0.97, 0.97, 0.975).grade).toBe('in-band')
  expect(judged(0.96, 0.97, 0.97, 0.97, 0.9749).grade).toBe('below-band')
  expect(judged(0.96, 0.97, 0.97, 0.97, 0.9749).text.en).toContain('97.5% is the least')
})

test("one epoch is held against the course's first epoch", () => {
  expect(judged(0.96).grade).toBe('in-band')
  expect(judged(0.96).text.en).toContain('at this point')
  expect(judged(0.95).grade).toBe('below-band')
})

test('an early epoch is never asked for more than the last one', () => {
  expect(judged(0.96, 0.97).grade).toBe('in-band')
})

test('more epochs than the lesson has are held to its end', () => {
  expect(judged(0.96, 0.97, 0.97, 0.97, 0.97, 0.98).grade).toBe('in-band')
  expect(judged(0.96, 0.97, 0.97, 0.97, 0.98, 0.97).grade).toBe('below-band')
})

test('a loss that is not a number is named as such', () => {
  const { grade, text } = mnist.verdict(records([{ loss: Number.NaN, accuracy: 0.1, val_loss: 1, val_accuracy: 0.1 }]))
  expect(grade).toBe('below-band')
  expect(text.en).toContain('NaN')
  expect(text.ko).toContain('NaN')
})

test('a run that was stopped before its first epoch ended has nothing to judge', () => {
  expect(mnist.verdict([]).text.en).toContain('No epoch was finished')
})

test('a run without validation says so', () => {
  expect(mnist.verdict(records([{ loss: 0.1, accuracy: 0.99 }])).text.en).toContain('not validated')
})

test('the gap between practised and new pictures is put into words', () => {
  const of = (accuracy: number): string =>
    mnist.verdict(
      records([...mnist.reference.slice(0, 4), { loss: 0.1, accuracy, val_loss: 0.1, val_accuracy: 0.976 }]),
    ).text.en
  expect(of(0.985)).toContain('understood digits')
  expect(of(0.999)).toContain('overfitting')
  expect(of(0.97)).toContain('early guesses')
})
