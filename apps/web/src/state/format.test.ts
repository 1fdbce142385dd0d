import { expect, test } from 'vitest'
import { formatMs, formatSeconds, formatWhen, shortened } from './format.ts'

test('no time is shown as nothing', () => {
  expect([0, 0.04, 0.3, 12.4, 1400].map(formatMs)).toEqual(['< 0.1 ms', '< 0.1 ms', '0.3 ms', '12 ms', '1.4 s'])
  expect([undefined, Number.NaN, 4.2, 125, 3725].map(formatSeconds)).toEqual(['–', '–', '5 s', '2:05', '1:02:05'])
})

test('what others wrote as a date is a date or a dash, and their texts are no longer than a line', () => {
  expect(formatWhen('2026-05-01T12:00:00.123Z', 'en')).toMatch(/^\w+ \d+, 2026, /)
  expect(['long ago', '', '9999999-01-01'].map((date) => formatWhen(date, 'ko'))).toEqual(['–', '–', '–'])
  expect(shortened('short')).toBe('short')
  expect(shortened('가😀'.repeat(50), 4)).toBe('가😀가…')
})
