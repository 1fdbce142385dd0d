import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sample } from '../test/samples.node.ts'
import { exifOrientation } from './exif-orientation.ts'
import { readImageHeader } from './image-header.ts'
import { imageParts } from './image-parts.ts'

/** A TIFF header and one directory; an entry is tag, type, count, value. */
function tiff(
  entries: readonly (readonly [tag: number, type: number, count: number, value: number])[],
  { little = true, directory = 8, says = entries.length } = {},
): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 + 2 + entries.length * 12 + 4))
  const order = little ? 'II' : 'MM'
  for (const i of [0, 1]) view.setUint8(i, order.charCodeAt(i))
  view.setUint16(2, 42, little)
  view.setUint32(4, directory, little)
  view.setUint16(8, says, little)
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + i * 12
    view.setUint16(at, tag, little)
    view.setUint16(at + 2, type, little)
    view.setUint32(at + 4, count, little)
    if (type === 3) view.setUint16(at + 8, value, little)
    else view.setUint32(at + 8, value, little)
  }
  view.setUint32(10 + entries.length * 12, 8, little) // the next directory is this one again: a circle
  return new Uint8Array(view.buffer)
}

/** A JPEG with this Exif before all else. */
function jpegWith(exif: Uint8Array): Uint8Array {
  const plain = sample('420.jpg')
  const length = exif.length + 8
  return Uint8Array.of(
    ...plain.subarray(0, 2),
    ...[0xff, 0xe1, length >> 8, length & 255],
    ...[0x45, 0x78, 0x69, 0x66, 0, 0],
    ...exif,
    ...plain.subarray(2),
  )
}

const orientationOf = (exif: Uint8Array): number => readImageHeader(jpegWith(exif)).orientation

test('both byte orders and both kinds of whole numbers are read', () => {
  for (let value = 1; value <= 8; value++) {
    for (const little of [true, false]) {
      for (const type of [3, 4]) expect(orientationOf(tiff([[0x112, type, 1, value]], { little }))).toBe(value)
    }
  }
})

test('the entry is found among others, and the first of two counts, as for Pillow', () => {
  const others = [
    [0x10f, 2, 5, 99],
    [0x112, 3, 1, 6],
    [0x8769, 4, 1, 8],
  ] as const
  expect(orientationOf(tiff(others))).toBe(6)
  expect(orientationOf(tiff([...others, [0x112, 3, 1, 8]]))).toBe(6)
})

test('what makes no sense is upright: other values, types and counts, offsets that lead out or in a circle', () => {
  for (const value of [0, 9, 255, 65_535]) expect(orientationOf(tiff([[0x112, 3, 1, value]]))).toBe(1)
  expect(orientationOf(tiff([[0x112, 5, 1, 6]]))).toBe(1)
  expect(orientationOf(tiff([[0x112, 3, 2, 6]]))).toBe(1)
  for (const directory of [0xffffffff, 0x7fffffff, 25, 24]) {
    expect(orientationOf(tiff([[0x112, 3, 1, 6]], { directory }))).toBe(1)
  }
  expect(orientationOf(tiff([[0x8769, 4, 1, 8]]))).toBe(1) // a sub-directory that is its own
  expect(orientationOf(tiff([[0x112, 3, 1, 6]], { says: 65_535 }))).toBe(6) // says more entries than there are
  expect(orientationOf(tiff([], { says: 65_535 }))).toBe(1)
  expect(orientationOf(new TextEncoder().encode('II*'))).toBe(1)
  expect(orientationOf(new TextEncoder().encode('hello, this is no TIFF'))).toBe(1)
  expect(orientationOf(new Uint8Array())).toBe(1)
})

test('an Exif that is cut off by the end of the file does no harm', () => {
  const file = sample('turned.png')
  for (let length = 8; length < file.length; length += 3) {
    const cut = file.subarray(0, length)
    expect([1, 6]).toContain(exifOrientation(cut, 'png', [...imageParts(cut, 'png')]))
  }
})

test('any bytes at all give one of the eight, and quickly', () => {
  const header = fc.constantFrom('II*\0\x08\0\0\0', 'MM\0*\0\0\0\x08')
  fc.assert(
    fc.property(header, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
      const exif = Uint8Array.of(...Array.from(start, (letter) => letter.charCodeAt(0)), ...rest)
      expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(orientationOf(exif))
    }),
  )
})
