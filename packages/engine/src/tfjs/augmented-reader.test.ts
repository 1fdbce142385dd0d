import { DRAW_NUMBERS, ImageRenderer, renderImages, sizeOf, unchangedDraw, unitRange } from '@gicho/core'
import { expect, test } from 'vitest'
import { byteValues } from '../session/byte-values.ts'
import { AugmentedReader } from './augmented-reader.ts'

test('each row goes through its draw and is normalised behind it', () => {
  const shape = [2, 3, 3] as const
  const input = unitRange(shape)
  const images = Uint8Array.from({ length: 3 * sizeOf(shape) }, (_, i) => (i * 37) % 256)
  const augment = {
    fillMode: 'reflect',
    cval: 0,
    brightnessMode: 'smooth',
    shiftsChannels: true,
    changesBrightness: true,
    standardize: (image: Float32Array) => image.map((value) => value * 2),
  } as const
  const draws = new Float64Array(2 * DRAW_NUMBERS)
  draws.set(unchangedDraw)
  draws.set([0.9, 0.1, 0.3, -0.2, 1.1, 0.4, 3, 0.25, 1.5], DRAW_NUMBERS)
  const rows = Uint32Array.of(2, 0)
  const renderer = new ImageRenderer(shape, augment, byteValues(input))
  const expected = renderImages(renderer, sizeOf(shape), images, rows, draws).map((value) => value * 2)
  expect(new AugmentedReader(shape, { input, augment }).pixels(images, rows, draws)).toEqual(expected)
})
