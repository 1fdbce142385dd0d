import { expect, test } from 'vitest'
import { frameDigit } from './frame-digit.ts'

/** A picture with ink in a rectangle. */
function drawing(side: number, [left, top, width, height]: readonly [number, number, number, number]): Uint8Array {
  const pixels = new Uint8Array(side * side)
  for (let y = top; y < top + height; y++) pixels.fill(255, y * side + left, y * side + left + width)
  return pixels
}

function extent(picture: Uint8Array): { rows: number[]; columns: number[] } {
  const inked = [...picture.keys()].filter((i) => picture[i])
  const range = (values: number[]): number[] => [Math.min(...values), Math.max(...values)]
  return { rows: range(inked.map((i) => Math.floor(i / 28))), columns: range(inked.map((i) => i % 28)) }
}

test('a drawing anywhere and of any size fills the box of 20 and stands in the middle', () => {
  for (const [side, box] of [
    [280, [10, 20, 40, 80]],
    [56, [30, 2, 8, 16]],
    [28, [0, 0, 3, 6]],
  ] as const) {
    const seen = frameDigit(drawing(side, box), { width: side, height: side })
    expect(extent(seen ?? new Uint8Array()), String(side)).toEqual({ rows: [4, 23], columns: [9, 18] })
  }
})

test('the centre of mass counts, not the middle of the box', () => {
  const side = 100
  const pixels = drawing(side, [0, 0, 100, 20]) // a heavy bar on top
  for (let y = 20; y < 100; y++) pixels.fill(255, y * side + 45, y * side + 55) // and a thin leg
  const { rows, columns } = extent(frameDigit(pixels, { width: side, height: side }) ?? new Uint8Array())
  expect(columns).toEqual([4, 23])
  expect(rows).toEqual([8, 27]) // moved down as far as it can go
})

test('edges are means of what they cover', () => {
  const seen = frameDigit(drawing(64, [0, 0, 30, 30]), { width: 64, height: 64 })
  expect(seen?.filter((value) => value === 255)).toHaveLength(400)
  const slanted = Uint8Array.from({ length: 60 * 60 }, (_, i) => (i % 60 > Math.floor(i / 60) ? 255 : 0))
  const greys = new Set(frameDigit(slanted, { width: 60, height: 60 }))
  expect(greys.size).toBeGreaterThan(2)
})

test('a blank sheet has no digit', () => {
  expect(frameDigit(new Uint8Array(100), { width: 10, height: 10 })).toBeUndefined()
})

test('a wrong size is refused', () => {
  expect(() => frameDigit(new Uint8Array(100), { width: 10, height: 11 })).toThrow('expected 110 bytes')
  expect(() => frameDigit(new Uint8Array(0), { width: 0, height: 0 })).toThrow('expected sizes >= 1, got 0x0.')
})
