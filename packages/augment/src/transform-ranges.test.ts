import { expect, test } from 'vitest'
import { transformRanges } from './transform-ranges.ts'

test('everything is off by default', () => {
  expect(transformRanges({})).toEqual({
    rotation: 0,
    heightShift: null,
    widthShift: null,
    shear: 0,
    zoom: [1, 1],
    channelShift: 0,
    brightness: null,
    horizontalFlip: false,
    verticalFlip: false,
  })
})

test('a zoom of one number goes to both sides of 1', () => {
  expect(transformRanges({ zoomRange: 0.25 }).zoom).toEqual([0.75, 1.25])
})

test('a whole shift is Python int, everything else in numbers Python float', () => {
  expect(transformRanges({ widthShiftRange: 3 }).widthShift).toEqual({ values: [0, 1, 2] })
  expect(transformRanges({ widthShiftRange: 0.5 }).widthShift).toBe(0.5)
  expect(transformRanges({ widthShiftRange: 2.5 }).widthShift).toBe(2.5)
  expect(transformRanges({ widthShiftRange: { uniform: 2 } }).widthShift).toBe(2)
  expect(transformRanges({ widthShiftRange: { uniform: 0 } }).widthShift).toBe(null)
  expect(transformRanges({ widthShiftRange: [4, 5] }).widthShift).toEqual({ values: [4, 5] })
  expect(transformRanges({ widthShiftRange: [] }).widthShift).toBe(null)
})

test('what is no range is refused by its name', () => {
  expect(() => transformRanges({ rotationRange: Number.NaN })).toThrow(
    'rotationRange: expected a finite number, got NaN.',
  )
  expect(() => transformRanges({ zoomRange: Number.POSITIVE_INFINITY })).toThrow('zoomRange: expected a finite number')
  expect(() => transformRanges({ brightnessRange: [0, Number.NaN] })).toThrow(
    'brightnessRange: expected two finite numbers, got [0,NaN].',
  )
  expect(() => transformRanges({ widthShiftRange: [1, Number.NaN] })).toThrow(
    'widthShiftRange: expected a finite number',
  )
  expect(() => transformRanges({ heightShiftRange: -0.2 })).toThrow(
    'heightShiftRange: expected a number >= 0, got -0.2. Shifts go to both sides: leave out the sign.',
  )
})
