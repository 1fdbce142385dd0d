import { type FillMode, fillModes, mapCoordinate, RandomState, unitRange } from '@gicho/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ApplyOptions, applyDraws, DrawApplier } from './apply-draw.ts'
import { type Draw, drawTransform, identityDraw } from './draw.ts'
import { samplingMatrix } from './sampling-matrix.ts'
import { transformRanges } from './transform-ranges.ts'

const ranges = transformRanges({ rotationRange: 40, zoomRange: 0.4, widthShiftRange: 0.4, heightShiftRange: 0.4 })
const seeds = fc.integer({ min: 0, max: 0xffffffff })
const sizes = fc.integer({ min: 1, max: 12 })
const modes = fc.constantFrom(...fillModes)

function bytes(seed: number, length: number): Uint8Array {
  const random = new RandomState(seed)
  return Uint8Array.from({ length }, () => random.randint(0, 256))
}

/** One pixel by the book: no frame, no fast path. */
function readPixel(image: Float32Array, height: number, width: number, y: number, x: number): number {
  const [top, left] = [Math.floor(y), Math.floor(x)]
  const at = (r: number, c: number) =>
    image[Math.min(Math.max(r, 0), height - 1) * width + Math.min(Math.max(c, 0), width - 1)] ?? 0
  const [upper, near] = [1 - (y - top), 1 - (x - left)]
  const above = at(top, left) * upper * near + at(top, left + 1) * upper * (1 - near)
  return Math.fround(above + at(top + 1, left) * (1 - upper) * near + at(top + 1, left + 1) * (1 - upper) * (1 - near))
}

test('every fill mode reads what the definition says', () => {
  fc.assert(
    fc.property(seeds, sizes, sizes, modes, (seed, height, width, fillMode) => {
      const image = Float32Array.from(bytes(seed, height * width))
      const draw = {
        ...drawTransform(new RandomState(seed), ranges, height, width),
        flipHorizontal: false,
        flipVertical: false,
      }
      const made = applyDraws({ images: image, shape: [height, width, 1], draws: [draw], fillMode, cval: 7 })
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = samplingMatrix(draw, height, width) ?? []
      made.forEach((pixel, i) => {
        const [r, column] = [Math.floor(i / width), i % width]
        const y = mapCoordinate(r * a + column * b + c, height, fillMode)
        const x = mapCoordinate(r * d + column * e + f, width, fillMode)
        expect(pixel).toBe(y <= -1 || x <= -1 ? 7 : readPixel(image, height, width, y, x))
      })
    }),
  )
})

test('three channels are three images', () => {
  fc.assert(
    fc.property(seeds, sizes, sizes, modes, (seed, height, width, fillMode) => {
      const images = bytes(seed, height * width * 3)
      const draws = [drawTransform(new RandomState(seed), ranges, height, width)]
      const whole = applyDraws({ images, shape: [height, width, 3], draws, fillMode })
      for (const channel of [0, 1, 2]) {
        const plane = images.filter((_, i) => i % 3 === channel)
        const made = applyDraws({ images: plane, shape: [height, width, 1], draws, fillMode })
        expect(made).toEqual(whole.filter((_, i) => i % 3 === channel))
      }
    }),
  )
})

test('bytes are treated before they are transformed: the same as float images that were treated', () => {
  fc.assert(
    fc.property(seeds, sizes, sizes, (seed, height, width) => {
      const shape = [height, width, 1] as const
      const images = bytes(seed, height * width)
      const floats = Float32Array.from(images, (byte) => byte / 255)
      for (const draw of [drawTransform(new RandomState(seed), ranges, height, width), identityDraw]) {
        const made = applyDraws({ images, shape, draws: [draw], input: unitRange(shape) })
        expect(made).toEqual(applyDraws({ images: floats, shape, draws: [draw] }))
      }
    }),
  )
})

test('an order-1 image never leaves the range of its pixels and cval', () => {
  fc.assert(
    fc.property(seeds, sizes, sizes, modes, (seed, height, width, fillMode) => {
      const images = bytes(seed, height * width)
      const draws = [drawTransform(new RandomState(seed), ranges, height, width)]
      const made = applyDraws({ images, shape: [height, width, 1], draws, fillMode, cval: 100 })
      // the four weights may sum to one ulp more than 1
      expect(Math.max(...made)).toBeLessThanOrEqual(Math.max(...images, 100) + 1e-4)
      expect(Math.min(...made)).toBeGreaterThanOrEqual(Math.min(...images, 100) - 1e-4)
    }),
  )
})

test('flips mirror, with and without an affine part', () => {
  const images = Uint8Array.of(1, 2, 3, 4, 5, 6)
  const apply = (draw: Partial<Draw>) => [
    ...applyDraws({ images, shape: [2, 3, 1], draws: [{ ...identityDraw, ...draw }] }),
  ]
  expect(apply({})).toEqual([1, 2, 3, 4, 5, 6])
  expect(apply({ flipHorizontal: true })).toEqual([3, 2, 1, 6, 5, 4])
  expect(apply({ flipVertical: true })).toEqual([4, 5, 6, 1, 2, 3])
  expect(apply({ flipHorizontal: true, flipVertical: true })).toEqual([6, 5, 4, 3, 2, 1])
  expect(apply({ tx: 1 })).toEqual([2, 3, 3, 5, 6, 6])
  expect(apply({ tx: 1, flipHorizontal: true })).toEqual([3, 3, 2, 6, 6, 5])
})

test('a shift by whole pixels shows each fill mode', () => {
  const images = Uint8Array.of(1, 2, 3, 4)
  const rows = fillModes.map((fillMode) => {
    const draws = [
      { ...identityDraw, tx: 2 },
      { ...identityDraw, tx: -2 },
    ]
    return [fillMode, ...applyDraws({ images, rows: [0, 0], shape: [1, 4, 1], draws, fillMode, cval: 9 })]
  })
  expect(rows).toEqual([
    ['nearest', 3, 4, 4, 4, 1, 1, 1, 2],
    ['constant', 3, 4, 9, 9, 9, 9, 1, 2],
    ['reflect', 3, 4, 4, 3, 2, 1, 1, 2],
    ['wrap', 3, 4, 2, 3, 2, 3, 1, 2],
  ])
})

test('a pixel at the seam of wrap, or at the hard edge of constant, is read as scipy reads it', () => {
  // Pixel (3, 6) reads column 6 exactly: the shift is added before the column, else the sum ends beyond the edge.
  const draw = { ...identityDraw, shear: -15.574701166558029 }
  const images = Uint8Array.from({ length: 70 }, (_, i) => (i % 7 === 6 ? 200 : 1))
  const read = (fillMode: FillMode) => applyDraws({ images, shape: [10, 7, 1], draws: [draw], fillMode })[3 * 7 + 6]
  expect([read('wrap'), read('constant'), read('nearest'), read('reflect')]).toEqual([200, 200, 200, 200])
})

test("the channel shift stays within the image's own range", () => {
  const images = Uint8Array.of(10, 20, 30, 40)
  const draws = [{ ...identityDraw, channelShift: 15 }]
  expect([...applyDraws({ images, shape: [2, 2, 1], draws })]).toEqual([25, 35, 40, 40])
})

test('brightness is smooth by default: no 8-bit detour, white clips', () => {
  const brightness = (values: number[], factor: number, options: ApplyOptions = {}, channels = 1) => {
    const draws = [{ ...identityDraw, brightness: factor }]
    const shape = [1, values.length / channels, channels] as const
    return [...applyDraws({ images: Float32Array.from(values), shape, draws, ...options })]
  }
  expect(brightness([0, 0.25, 0.5, 1], 1.5)).toEqual([0, 0.375, 0.75, 1])
  expect(brightness([0, 100, 200, 255], 1.5)).toEqual([0, 150, 255, 255])
  expect(brightness([-1, 0, 1], 0.5)).toEqual([-1, -0.5, 0])
  expect(brightness([10, 20, 30, 77], 2, {}, 4)).toEqual([20, 40, 60, 77])
  expect(brightness([0, 0.25, 0.5, 1], 1.5, { brightnessMode: 'keras' })).toEqual([0, 0, 0, 1])
})

test('an applier writes the image that it is asked for and no other', () => {
  const applier = new DrawApplier([2, 2, 1])
  const output = new Float32Array(12).fill(-1)
  applier.apply(Uint8Array.of(0, 0, 0, 0, 1, 2, 3, 4), 1, identityDraw, output, 1)
  expect([...output]).toEqual([-1, -1, -1, -1, 1, 2, 3, 4, -1, -1, -1, -1])
})

test('a request that does not fit is refused', () => {
  const request = { images: new Uint8Array(8), shape: [2, 2, 1] as const, draws: [identityDraw] }
  expect(() => applyDraws({ ...request, images: new Uint8Array(7) })).toThrow(
    'images: expected a multiple of 4 values (2x2x1), got 7.',
  )
  expect(() => applyDraws({ ...request, shape: [2, 0, 1] })).toThrow(
    'images: expected a shape [height, width, channels] of whole numbers >= 1, got [2,0,1].',
  )
  expect(() => applyDraws({ ...request, rows: [2] })).toThrow(
    'applyDraws: expected a row from 0 to 1 for draw 0, got 2.',
  )
  expect(() => applyDraws({ ...request, rows: [] })).toThrow('got NaN')
  expect(() => applyDraws({ ...request, output: new Float32Array(5) })).toThrow(
    'applyDraws: expected 4 values in output, got 5.',
  )
  expect(() => applyDraws({ ...request, cval: Number.NaN })).toThrow('cval: expected a finite number, got NaN.')
})

test('an option from plain JavaScript that is none is refused', () => {
  const options = JSON.parse('[{"fillMode":"mirror"},{"brightnessMode":"linear"}]')
  expect(() => new DrawApplier([2, 2, 1], options[0])).toThrow(
    "fillMode: expected one of nearest, constant, reflect, wrap, got 'mirror'.",
  )
  expect(() => new DrawApplier([2, 2, 1], options[1])).toThrow(
    "brightnessMode: expected 'smooth' or 'keras', got 'linear'.",
  )
})
