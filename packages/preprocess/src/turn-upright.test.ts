import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pillow, sample, sha256 } from '../test/samples.node.ts'
import { decodeImage } from './decode-image.node.ts'
import type { Orientation } from './exif-orientation.ts'
import { imageToInput } from './image-to-input.ts'
import { turnUpright } from './turn-upright.ts'

const orientation = fc.constantFrom<Orientation[]>(1, 2, 3, 4, 5, 6, 7, 8)

test.each(pillow.images)("$file stands as Pillow's exif_transpose puts it", async (expected) => {
  const image = turnUpright(await decodeImage(sample(expected.file), expected.file))
  const { width, height } = image
  expect([width, height, image.orientation]).toEqual([expected.uprightWidth, expected.uprightHeight, 1])
  expect(sha256(imageToInput(image, [height, width, 3]))).toBe(expected.uprightRgb)
})

test('the sample photos lie in all eight ways', () => {
  const seen = new Set(pillow.images.filter(({ file }) => file.startsWith('exif-')).map((image) => image.orientation))
  expect([...seen].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('a letter F that lies in any of the eight ways stands up again', () => {
  const stands = ['##', '# ', '##', '# ']
  const lying: Record<Orientation, string[]> = {
    1: stands,
    2: ['##', ' #', '##', ' #'],
    3: [' #', '##', ' #', '##'],
    4: ['# ', '##', '# ', '##'],
    5: ['####', '# # '],
    6: ['# # ', '####'],
    7: [' # #', '####'],
    8: ['####', ' # #'],
  }
  for (const [name, rows] of Object.entries(lying)) {
    const orientation = Number(name) as Orientation
    const [width, height] = [rows[0]?.length ?? 0, rows.length]
    const pixels = Uint8Array.from(rows.join(''), (letter) => letter.charCodeAt(0))
    const upright = turnUpright({ pixels, width, height, channels: 1, orientation })
    expect(upright).toMatchObject({ width: 2, height: 4, orientation: 1 })
    expect(String.fromCharCode(...upright.pixels), `orientation ${name}`).toBe(stands.join(''))
  }
})

test('turning moves pixels whole, loses none, and undoes itself', () => {
  const undone: Record<Orientation, Orientation> = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6 }
  const side = fc.integer({ min: 1, max: 12 })
  fc.assert(
    fc.property(side, side, fc.constantFrom(1, 2, 3, 4), orientation, (width, height, channels, orientation) => {
      const pixels = Uint8Array.from({ length: width * height * channels }, (_, i) => i * 7)
      const turned = turnUpright({ pixels, width, height, channels, orientation })
      expect(turnUpright({ ...turned, orientation: undone[orientation] })).toEqual({
        ...{ pixels, width, height, channels },
        orientation: 1,
      })
    }),
  )
})

test('an upright image, and one that says nothing, are given back as they are', () => {
  const image = { pixels: new Uint8Array(6), width: 2, height: 3, channels: 1 }
  expect(turnUpright(image)).toBe(image)
  const upright = { ...image, orientation: 1 } as const
  expect(turnUpright(upright)).toBe(upright)
})

test('pixels that are not such an image are refused', () => {
  const image = { pixels: new Uint8Array(5), width: 2, height: 3, channels: 1, orientation: 6 } as const
  expect(() => turnUpright(image)).toThrow('turnUpright: expected 6 bytes for 2x3 pixels of 1 channels, got 5.')
})
