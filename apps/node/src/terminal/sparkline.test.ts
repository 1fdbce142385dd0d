import { expect, test } from 'vitest'
import { sparkline } from './sparkline.ts'

test('bars run from the lowest to the highest value', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 0, 7, 80)).toBe('▁▂▃▄▅▆▇█')
})

test('what is not a number leaves a blank, what lies outside is cut', () => {
  expect(sparkline([-1, Number.NaN, 2], 0, 1, 80)).toBe('▁ █')
})

test('equal values are full bars', () => {
  expect(sparkline([0.5, 0.5], 0.5, 0.5, 80)).toBe('██')
})

test('of more values than columns evenly spaced ones are shown, both ends among them', () => {
  const line = sparkline(
    Array.from({ length: 701 }, (_, i) => i),
    0,
    700,
    8,
  )
  expect(line).toBe('▁▂▃▄▅▆▇█')
})
