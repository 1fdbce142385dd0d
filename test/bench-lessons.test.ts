import { expect, test } from 'vitest'
import { lessonsReport } from '../bench/lessons/report.ts'
import { deviation, runNumbers, type SeedCurve, summarise } from '../bench/lessons/summary.ts'

function curve(lesson: string, seed: number, valAccuracies: readonly number[], accuracy = 0.99): SeedCurve {
  const history = valAccuracies.map((val_accuracy) => ({ loss: 0.1, accuracy, val_loss: 0.2, val_accuracy }))
  return { lesson, seed, history }
}

test('a run is judged by its last epoch, its last five and its best', () => {
  const numbers = runNumbers(curve('asl', 0, [1, 0.7, 0.8, 0.7, 0.8, 0.75]))
  expect(numbers).toMatchObject({ train: 0.99, best: 1 })
  expect(numbers.val).toBeCloseTo(0.75, 12)
  expect(numbers.gap).toBeCloseTo(0.24, 12)
  expect(numbers.unsteady).toBeCloseTo(0.05, 12)
  expect(() => runNumbers({ history: [] })).toThrow('at least one epoch, got none')
})

test('the deviation is that of a sample', () => {
  expect(deviation([1, 2, 3])).toBe(1)
  expect(deviation([5])).toBe(0)
})

test('limits are held against the means over the seeds, and what is missed is said', () => {
  const steady = [0.97, 0.97, 0.97, 0.97, 0.99]
  const curves = [
    curve('asl-augmented', 0, steady),
    curve('asl-augmented', 1, [0.9, 0.9, 0.9, 0.9, 0.99]),
    curve('asl', 0, [0.8]),
  ]
  const summary = summarise('asl-augmented', curves)
  expect(summary.runs).toBe(2)
  expect(summary.numbers.val.mean).toBeCloseTo(0.946, 12)
  expect(summary.failures).toEqual(['expected a mean val of 0.96 to 1, got 0.9460.'])
  expect(summarise('asl', curves).failures).toEqual([])
})

test('the page has a row for each seed, the means, and what was asked', () => {
  const curves = [curve('asl', 3, [0.8, 0.81])]
  const page = lessonsReport([summarise('asl', curves)], curves)
  expect(page).toContain('| 3 | 0.9900 | 0.8050 | 0.8100 | 0.1850 |')
  expect(page).toContain('Asked of the means: train >= 0.97, val 0.7 to 0.86, gap >= 0.1: met.')
})
