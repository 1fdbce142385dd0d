import { RandomState } from '@gicho/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkDraw, type Draw, drawTransform, formatDraw, identityDraw } from './draw.ts'
import { transformRanges } from './transform-ranges.ts'

// That the numbers are Keras' is shown in ../test/draws.test.ts.

const ranges = transformRanges({
  rotationRange: 30,
  widthShiftRange: 0.2,
  heightShiftRange: 3,
  shearRange: 5,
  zoomRange: [0.8, 1.1],
  channelShiftRange: 10,
  brightnessRange: [0.5, 1.5],
  horizontalFlip: true,
})

const seeds = fc.integer({ min: 0, max: 0xffffffff })

test('a draw lies within its ranges', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const draw = drawTransform(new RandomState(seed), ranges, 20, 40)
      expect(Math.abs(draw.theta)).toBeLessThanOrEqual(30)
      expect([0, 1, 2]).toContain(Math.abs(draw.tx))
      expect(Math.abs(draw.ty)).toBeLessThanOrEqual(0.2 * 40)
      expect(Math.abs(draw.shear)).toBeLessThanOrEqual(5)
      for (const zoom of [draw.zx, draw.zy]) expect(zoom >= 0.8 && zoom <= 1.1).toBe(true)
      expect(draw.flipVertical).toBe(false)
      expect(Math.abs(draw.channelShift ?? Number.NaN)).toBeLessThanOrEqual(10)
      expect(draw.brightness).toBeGreaterThanOrEqual(0.5)
    }),
  )
})

test('a draw survives JSON, so that it can be stored and replayed', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const draw = drawTransform(new RandomState(seed), ranges, 28, 28)
      expect(JSON.parse(JSON.stringify(draw))).toEqual(draw)
    }),
  )
})

test('both flips are drawn even when nothing is switched on, and nothing else is', () => {
  const random = new RandomState(5)
  expect(drawTransform(random, transformRanges({}), 28, 28)).toEqual(identityDraw)
  const twoLater = new RandomState(5)
  twoLater.random()
  twoLater.random()
  expect(random.random()).toBe(twoLater.random())
})

test('a draw is printed on one line, without what changes nothing', () => {
  expect(formatDraw(identityDraw)).toBe('unchanged')
  const draw: Draw = {
    theta: 12.5,
    tx: 1.25,
    ty: -2,
    shear: 3,
    zx: 0.9,
    zy: 1.1,
    flipHorizontal: true,
    flipVertical: true,
    channelShift: -4,
    brightness: 0.75,
  }
  expect(formatDraw(draw)).toBe(
    'rotation 12.50°, rows -2.00 px, columns +1.25 px, shear 3.00°, zoom 1.100 x 0.900, flip horizontal, flip vertical, ' +
      'channels -4.00, brightness 0.750',
  )
})

test('a draw with a number that is not finite is refused', () => {
  expect(() => checkDraw({ ...identityDraw, zx: Number.NaN })).toThrow(
    'draw: expected a finite number for zx, got NaN.',
  )
  expect(() => checkDraw({ ...identityDraw, brightness: Number.POSITIVE_INFINITY })).toThrow(
    'draw: expected a finite number or null for brightness, got Infinity.',
  )
})
