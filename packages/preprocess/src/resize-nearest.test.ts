import { expect, test } from 'vitest'
import { pillow, sha256 } from '../test/samples.node.ts'
import { resizeNearest } from './resize-nearest.ts'

test.each(pillow.sampled)("$from becomes $to from the columns and rows that Pillow's resize takes", (taken) => {
  const [width = 0, height = 0] = taken.from
  const to = { width: taken.to[0] ?? 0, height: taken.to[1] ?? 0 }
  const indexOf = { column: (i: number) => i % width, row: (i: number) => Math.floor(i / width) }
  for (const [part, shift] of [
    ['column', 0],
    ['column', 8],
    ['row', 0],
    ['row', 8],
  ] as const) {
    const numbers = new Uint8Array(width * height)
    for (let i = 0; i < numbers.length; i++) numbers[i] = indexOf[part](i) >> shift
    const expected = Array.from({ length: to.width * to.height }, (_, i) => {
      const index = part === 'column' ? taken.columns[i % to.width] : taken.rows[Math.floor(i / to.width)]
      return ((index ?? -1) >> shift) & 255
    })
    expect([...resizeNearest(numbers, { width, height }, to)]).toEqual(expected)
  }
})

test('all pairs of widths up to 160 take the columns that Pillow takes, to the last rounding', () => {
  const { most } = pillow.allWidths
  const lines: Uint8Array[] = []
  for (let width = 1; width <= most; width++) {
    const line = Uint8Array.from({ length: width }, (_, x) => x)
    for (let to = 1; to <= most; to++) lines.push(resizeNearest(line, { width, height: 1 }, { width: to, height: 1 }))
  }
  expect(sha256(...lines)).toBe(pillow.allWidths.sha256)
})

test('a pixel keeps its channels together', () => {
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6)
  const resized = resizeNearest(pixels, { width: 2, height: 1, channels: 3 }, { width: 4, height: 2 })
  expect([...resized]).toEqual([...[1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6], ...[1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]])
})

test('the same size gives the same bytes in new memory', () => {
  const pixels = Uint8Array.of(1, 2, 3, 4)
  const size = { width: 2, height: 2 }
  expect(resizeNearest(pixels, size, size)).toEqual(pixels)
  expect(resizeNearest(pixels, size, size)).not.toBe(pixels)
})

test('bytes that are not such an image, and sizes that are none, are refused', () => {
  const size = { width: 2, height: 2 }
  expect(() => resizeNearest(new Uint8Array(3), size, size)).toThrow(
    'resizeNearest: expected 4 bytes for 2x2 pixels of 1 channels, got 3.',
  )
  expect(() => resizeNearest(new Uint8Array(4), size, { width: 0, height: 28 })).toThrow(
    'resizeNearest: expected whole sizes >= 1, got 0.',
  )
  expect(() => resizeNearest(new Uint8Array(4), size, { width: 28, height: 1.5 })).toThrow('>= 1, got 1.5.')
})
