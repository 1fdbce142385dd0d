import { expect, test } from 'vitest'
import { formatMs, formatSeconds } from './format.ts'

test('no time is shown as nothing', () => {
  expect([0, 0.04, 0.3, 12.4, 1400].map(formatMs)).toEqual(['< 0.1 ms', '< 0.1 ms', '0.3 ms', '12 ms', '1.4 s'])
  expect([undefined, Number.NaN, 4.2, 125, 3725].map(formatSeconds)).toEqual(['–', '–', '5 s', '2:05', '1:02:05'])
})
