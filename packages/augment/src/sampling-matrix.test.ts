import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyDraws } from './apply-draw.ts'
import { identityDraw } from './draw.ts'
import { flippedMatrix, samplingMatrix } from './sampling-matrix.ts'

// That the numbers are Keras' is shown in ../test/draws.test.ts.

const sizes = fc.integer({ min: 1, max: 12 })
const draws = fc.record({
  theta: fc.double({ min: -180, max: 180, noNaN: true }),
  tx: fc.integer({ min: -3, max: 3 }),
  ty: fc.double({ min: -3, max: 3, noNaN: true }),
  shear: fc.double({ min: -40, max: 40, noNaN: true }),
  zx: fc.double({ min: 0.3, max: 2, noNaN: true }),
  zy: fc.double({ min: 0.3, max: 2, noNaN: true }),
  flipHorizontal: fc.boolean(),
  flipVertical: fc.boolean(),
  channelShift: fc.constant(null),
  brightness: fc.constant(null),
})

test('a draw that moves nothing has no matrix', () => {
  expect(samplingMatrix(identityDraw, 5, 7)).toBe(null)
  expect([...flippedMatrix(identityDraw, 5, 7)]).toEqual([1, 0, 0, 0, 1, 0])
})

test("as in Keras, tx moves the columns and ty the rows, although tx is drawn from the height's range", () => {
  expect([...(samplingMatrix({ ...identityDraw, tx: 2, ty: 3 }, 9, 9) ?? [])]).toEqual([1, 0, 3, 0, 1, 2])
})

test('reading through the matrix with flips in it is the sampled image flipped', () => {
  fc.assert(
    fc.property(draws, sizes, sizes, (draw, height, width) => {
      const shape = [height, width, 1] as const
      // A plane: bilinear reading gives back the coordinates themselves wherever they lie inside.
      const rows = Float32Array.from({ length: height * width }, (_, i) => Math.floor(i / width))
      const columns = Float32Array.from({ length: height * width }, (_, i) => i % width)
      const [readRows, readColumns] = [rows, columns].map((images) => applyDraws({ images, shape, draws: [draw] }))
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = flippedMatrix(draw, height, width)
      for (let i = 0; i < height * width; i++) {
        const [r, column] = [Math.floor(i / width), i % width]
        const [y, x] = [a * r + b * column + c, d * r + e * column + f]
        // float32 keeps coordinates below 16 to 1e-6
        expect(readRows?.[i]).toBeCloseTo(Math.min(Math.max(y, 0), height - 1), 5)
        expect(readColumns?.[i]).toBeCloseTo(Math.min(Math.max(x, 0), width - 1), 5)
      }
    }),
    { numRuns: 60 },
  )
})
