import { expect, test } from 'vitest'
import { curve } from './history.ts'

test('reads a curve, leaving out epochs without that value', () => {
  const history = [
    { loss: 0.5, accuracy: 0.8, val_accuracy: 0 },
    { loss: 0.25, accuracy: 0.9 },
  ]
  expect(curve(history, 'loss')).toEqual([0.5, 0.25])
  expect(curve(history, 'val_accuracy')).toEqual([0])
  expect(curve(history, 'val_loss')).toEqual([])
  expect(curve([], 'loss')).toEqual([])
})
