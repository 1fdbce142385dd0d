import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chunk, data, end, header, png } from '../../test/png.node.ts'
import { decodePng } from './decode-png.node.ts'

const pixelsOf = (bytes: Uint8Array): number[] => [...decodePng(bytes, 1000).pixels]

test('each of the five filters is undone, in the first row and below', () => {
  const rows = [
    [0, 10, 20, 30],
    [1, 5, 5, 5],
    [2, 1, 1, 1],
    [3, 4, 4, 4],
    [4, 9, 9, 9],
  ]
  const undone = [10, 20, 30, 5, 10, 15, 6, 11, 16, 7, 13, 18, 16, 25, 34]
  expect(pixelsOf(png(header(3, 5), data(Uint8Array.from(rows.flat())), end))).toEqual(undone)
  for (const [filter, expected] of [
    [1, [4, 8, 12]],
    [2, [4, 4, 4]],
    [3, [4, 6, 7]],
    [4, [4, 8, 12]],
  ] as const) {
    expect(pixelsOf(png(header(3, 1), data(Uint8Array.of(filter, 4, 4, 4)), end))).toEqual(expected)
  }
  expect(() => pixelsOf(png(header(1, 1), data(Uint8Array.of(5, 4)), end))).toThrow('it has a filter 5')
})

test('few bits are spread over all of 0..255, sixteen are cut to the upper eight, palettes become colours', () => {
  expect(pixelsOf(png(header(3, 1, 1), data(Uint8Array.of(0, 0b101_00000)), end))).toEqual([255, 0, 255])
  expect(pixelsOf(png(header(3, 1, 2), data(Uint8Array.of(0, 0b00_01_11_00)), end))).toEqual([0, 85, 255])
  expect(pixelsOf(png(header(1, 1, 16, 4), data(Uint8Array.of(0, 9, 200, 7, 1)), end))).toEqual([9, 7])
  const palette = chunk('PLTE', Uint8Array.of(1, 2, 3, 4, 5, 6))
  expect(pixelsOf(png(header(3, 1, 2, 3), palette, data(Uint8Array.of(0, 0b00_01_11_00)), end))).toEqual([
    1, 2, 3, 4, 5, 6, 0, 0, 0,
  ])
})

test('an interlaced image is the same as the plain one, at every size', () => {
  const starts = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ]
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 11 }), fc.integer({ min: 1, max: 11 }), (width, height) => {
      const at = (x: number, y: number): number => (7 * x + 31 * y) % 256
      const rows: number[] = []
      for (const [x0 = 0, y0 = 0, dx = 1, dy = 1] of starts) {
        for (let y = y0; y < height && x0 < width; y += dy) {
          rows.push(0)
          for (let x = x0; x < width; x += dx) rows.push(at(x, y))
        }
      }
      const expected = Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width)))
      expect(pixelsOf(png(header(width, height, 8, 0, 1), data(Uint8Array.from(rows)), end))).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})

const one = data(Uint8Array.of(0, 7))

test.each([
  ['a second header', [header(1, 1), header(9000, 9000), one, end], 'it says its size twice'],
  ['a header that is not in front', [chunk('gAMA', new Uint8Array(4)), header(1, 1), one, end], 'it begins with gAMA'],
  ['no pixels', [header(1, 1), end], 'it holds no pixels'],
  ['pixels in two runs', [header(1, 1), one, chunk('tEXt', new Uint8Array(1)), one, end], 'not in one run'],
  ['no palette', [header(1, 1, 8, 3), one, end], 'its palette is missing'],
  [
    'two palettes',
    [header(1, 1, 8, 3), chunk('PLTE', new Uint8Array(3)), chunk('PLTE', new Uint8Array(3)), one, end],
    'its palette comes twice',
  ],
  ['257 colours', [header(1, 1, 8, 3), chunk('PLTE', new Uint8Array(771)), one, end], 'its palette has another size'],
  [
    'a part that readers must know',
    [header(1, 1), chunk('XXXX', new Uint8Array(1)), one, end],
    'knows its part "XXXX"',
  ],
  ['colours with 4 bits', [header(1, 1, 4, 2), one, end], 'colours of type 2 with 4 bits'],
  ['too many rows', [header(1, 1), data(new Uint8Array(4)), end], 'its pixels are more than 1x1'],
  ['too few rows', [header(1, 2), one, end], 'its pixels are fewer than 1x2'],
  ['no end', [header(1, 1), one], 'it is cut off'],
  ['more pixels than wanted', [header(40, 40), one, end], 'it has 40x40 pixels, more than 1000'],
] as const)('%s: refused', (_, chunks, reason) => {
  expect(() => decodePng(png(...chunks), 1000)).toThrow(reason)
})

test('a damaged part is found by its checksum', () => {
  const bytes = png(header(1, 1), one, end)
  expect(() => decodePng(bytes.with(20, 1), 1000)).toThrow('the checksum of its part "IHDR" is wrong')
})

test('nothing beside the pixels is unpacked, and of those no more than the header demands', () => {
  const bomb = deflateSync(new Uint8Array(200e6))
  const profile = chunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), bomb]))
  const texts = [chunk('zTXt', Buffer.concat([Buffer.from('x\0\0'), bomb])), chunk('iTXt', bomb)]
  const before = process.memoryUsage.rss()
  expect(pixelsOf(png(header(1, 1), profile, ...texts, one, end))).toEqual([7])
  expect(() => decodePng(png(header(1, 1), chunk('IDAT', bomb), end), 1000)).toThrow('its pixels are more than 1x1')
  expect(process.memoryUsage.rss() - before).toBeLessThan(50e6) // each of the four would have taken 200 MB
})
