import type { EpochRecord } from '@gicho/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keptEpochs } from './kept-epochs.ts'

function historyOf(scores: readonly number[]): EpochRecord[] {
  return scores.map((val_accuracy, i) => ({
    epoch: i + 1,
    loss: 1,
    accuracy: 1,
    val_loss: 1,
    val_accuracy,
    seconds: 1,
    msPerStep: 1,
  }))
}

test('whatever a run is like, the first, the best and the last epoch stay, and no more than eleven, all kept from the start', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 200 }), (scores) => {
      let there = new Set<number>()
      for (let done = 1; done <= scores.length; done++) {
        const kept = keptEpochs(historyOf(scores.slice(0, done)))
        there = new Set([...there, done].filter((epoch) => kept.has(epoch)))
        expect(there).toEqual(new Set([...kept].sort((a, b) => a - b)))
        expect(there.size).toBeLessThanOrEqual(11)
      }
      const best = scores.indexOf(Math.max(...scores)) + 1
      for (const epoch of [1, best, scores.length]) expect(there).toContain(epoch)
    }),
    { numRuns: 30 },
  )
})

test('without validation the smallest loss is the best', () => {
  const history = [3, 1, 2, 4, 4, 4, 4, 4, 4].map((loss, i) => ({
    epoch: i + 1,
    loss,
    accuracy: 0,
    seconds: 1,
    msPerStep: 1,
  }))
  expect([...keptEpochs(history)].sort((a, b) => a - b)).toEqual([1, 2, 4, 6, 8, 9])
})
