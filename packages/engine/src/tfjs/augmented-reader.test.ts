import { DRAW_NUMBERS, ImageRenderer, renderImages, sizeOf, unchangedDraw, unitRange } from '@gicho/core'
import { expect, test } from 'vitest'
import { byteValues } from '../session/byte-values.ts'
import { AugmentedReader } from './augmented-reader.ts'
import type { RenderPlatform } from './render-platform.ts'

/** A page whose Content-Security-Policy lets no worker in. */
const noWorkers: RenderPlatform = {
  spawn() {
    throw new Error('refused by the policy')
  },
  cores: () => 8,
  sharesMemory: () => false,
}

test('without workers each row goes through its draw and is normalised behind it, on the thread that asks', async () => {
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
  const draws = new Float64Array(3 * DRAW_NUMBERS)
  draws.set(unchangedDraw)
  draws.set([0.9, 0.1, 0.3, -0.2, 1.1, 0.4, 3, 0.25, 1.5], DRAW_NUMBERS)
  draws.set([1.1, 0, 0.2, 0.1, 0.9, 0, 1, Number.NaN, 0.5], 2 * DRAW_NUMBERS)
  const order = Uint32Array.of(2, 0, 1)
  const renderer = new ImageRenderer(shape, augment, byteValues(input))
  const expected = renderImages(renderer, sizeOf(shape), images, order, draws).map((value) => value * 2)
  const labels = new Uint8Array(3)
  const data = { images, labels, length: 3, shape, classNames: ['a'], split: 'train', source: 'made up' } as const
  const reader = new AugmentedReader(noWorkers, data, { input, augment })
  await reader.settled
  const next = reader.batches({ order, draws, batchSize: 2 })
  expect(next()).toEqual(expected.subarray(0, 2 * sizeOf(shape)))
  expect(next()).toEqual(expected.subarray(2 * sizeOf(shape)))
  await reader.dispose()
})
