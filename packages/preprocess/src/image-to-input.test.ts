import { expect, test } from 'vitest'
import { imageToInput } from './image-to-input.ts'

const RED_GREEN = { pixels: Uint8Array.of(255, 0, 0, 9, 0, 255, 0, 9), width: 2, height: 1, channels: 4 } as const

test('a network for greys sees luma, one for colours sees RGB, neither sees alpha', () => {
  expect([...imageToInput(RED_GREEN, [1, 4, 1])]).toEqual([76, 76, 150, 150])
  expect([...imageToInput(RED_GREEN, [2, 2, 3])]).toEqual([...[255, 0, 0, 0, 255, 0], ...[255, 0, 0, 0, 255, 0]])
})

test('a network for colours sees a grey image in three equal channels', () => {
  const grey = { pixels: Uint8Array.of(7, 200), width: 2, height: 1, channels: 1 } as const
  expect([...imageToInput(grey, [1, 2, 3])]).toEqual([7, 7, 7, 200, 200, 200])
  const greyAlpha = { pixels: Uint8Array.of(7, 0, 200, 1), width: 2, height: 1, channels: 2 } as const
  expect([...imageToInput(greyAlpha, [1, 2, 3])]).toEqual([7, 7, 7, 200, 200, 200])
})

test('a single pixel is scaled up', () => {
  const pixel = { pixels: Uint8Array.of(10, 20, 30), width: 1, height: 1, channels: 3 } as const
  const seen = imageToInput(pixel, [28, 28, 1])
  expect(seen).toHaveLength(784)
  expect(new Set(seen)).toEqual(new Set([18]))
})

test('other channels than one or three are refused', () => {
  expect(() => imageToInput(RED_GREEN, [28, 28, 2])).toThrow(
    'imageToInput: expected a shape of 1 channel (grey) or 3 (colours), got 2.',
  )
})
