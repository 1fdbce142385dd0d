import { expect, test } from 'vitest'
import { sample } from '../test/samples.node.ts'
import { readImageHeader } from './image-header.ts'

const text = new TextEncoder()

/** The message and code with which a file is refused. */
function refusal(bytes: Uint8Array, where = 'x.png'): { code: string; message: string } {
  try {
    readImageHeader(bytes, where)
  } catch (error) {
    if (error instanceof Error && 'code' in error) return { code: String(error.code), message: error.message }
    throw error
  }
  throw new Error('was accepted')
}

function patched(name: string, find: (bytes: Uint8Array) => number, values: readonly number[]): Uint8Array {
  const bytes = sample(name)
  bytes.set(values, find(bytes))
  return bytes
}

const big16 = [20_000 >> 8, 20_000 & 255]
const little24 = [19_999 & 255, 19_999 >> 8, 0]
/** Files that say 20,000x20,000, each in its format's own way, and are hardly a kilobyte. */
const huge = {
  png: patched('rgb.png', () => 16, [0, 0, ...big16, 0, 0, ...big16]),
  jpeg: patched('444.jpg', (bytes) => findPair(bytes, 0xff, 0xc0) + 5, [...big16, ...big16]),
  progressive: patched('progressive.jpg', (bytes) => findPair(bytes, 0xff, 0xc2) + 5, [...big16, ...big16]),
  'WebP with features': patched('turned.webp', () => 24, [...little24, ...little24]),
}

function findPair(bytes: Uint8Array, first: number, second: number): number {
  return bytes.findIndex((byte, i) => byte === first && bytes[i + 1] === second)
}

test.each(['rgb.png', '420.jpg', 'progressive.jpg', 'lossy.webp', 'lossless.webp', 'turned.webp'])(
  'the size of %s is read from its header',
  (name) => {
    expect(readImageHeader(sample(name))).toMatchObject({ width: 37, height: 29 })
  },
)

test.each(Object.entries(huge))('a %s image of 20,000x20,000 is refused by its header', (_, bytes) => {
  expect(refusal(bytes, 'wall.png')).toEqual({
    code: 'unsupported',
    message:
      'wall.png: expected an image of at most 64 megapixels, got 20000x20000, which is 400 megapixels. Scale it down first.',
  })
})

test("WebP's plain forms, which end at 16,383, are refused from 64 megapixels on too", () => {
  const most = 16_383
  const lossy = patched('lossy.webp', () => 26, [most & 255, most >> 8, most & 255, most >> 8])
  expect(refusal(lossy).message).toContain('got 16383x16383, which is 268 megapixels')
  const lossless = patched('lossless.webp', () => 21, [0xff, 0xff, 0xff, 0x0f])
  expect(refusal(lossless).message).toContain('got 16384x16384, which is 268 megapixels')
})

test('8000x8000 is still read', () => {
  const size = [0, 0, 8000 >> 8, 8000 & 255]
  expect(readImageHeader(patched('rgb.png', () => 16, [...size, ...size]))).toMatchObject({ width: 8000, height: 8000 })
})

test('an empty file, a text and a document are no images, whatever their names', () => {
  expect(refusal(new Uint8Array(0))).toEqual({
    code: 'bad-data',
    message:
      "x.png: expected a PNG, JPEG or WebP image, got an empty file. Pass an image; the name of a file doesn't matter, its content does.",
  })
  expect(refusal(text.encode('not a picture\n')).message).toContain('got a text file.')
  expect(refusal(text.encode('%PDF-1.7')).message).toContain('got a PDF document.')
  expect(refusal(Uint8Array.of(0xde, 0xad, 0, 1)).message).toContain('got a file that begins with de ad 00 01.')
})

test.each([
  ['a GIF image', sample('picture.gif')],
  ['a BMP image', text.encode('BM6\0')],
  ['a HEIC image', text.encode('\0\0\0\x18ftypheic')],
  ['an AVIF image', text.encode('\0\0\0\x1cftypavif')],
  ['a TIFF image', text.encode('II*\0')],
  ['an SVG drawing', text.encode('<svg xmlns="http://www.w3.org/2000/svg"/>')],
])('%s is named', (words, bytes) => {
  expect(refusal(bytes)).toEqual({
    code: 'unsupported',
    message: `x.png: expected a PNG, JPEG or WebP image, got ${words}. Save it as PNG; the name of a file doesn't matter, its content does.`,
  })
})

test('animations and CMYK are refused with what to do', () => {
  expect(refusal(sample('animation.webp'), 'a.webp')).toEqual({
    code: 'unsupported',
    message: 'a.webp: expected a still image, got a WebP animation. Save one of its frames as an image.',
  })
  expect(refusal(sample('cmyk.jpg'), 'a.jpg').message).toBe(
    'a.jpg: expected a JPEG in colours or grey, got one in CMYK, which is made for printing. Save it as RGB.',
  )
})

test('a file that is cut off says where, at every length', () => {
  for (const name of ['one-pixel.png', '420.jpg', 'lossy.webp']) {
    const whole = sample(name)
    for (let length = 12; length < whole.length; length++) {
      const { code, message } = refusal(whole.subarray(0, length))
      expect({ code, message }).toEqual({
        code: 'bad-data',
        message: expect.stringContaining(`cut off after ${length} bytes`),
      })
    }
  }
})

test('an image that says no size is refused', () => {
  expect(refusal(patched('rgb.png', () => 16, [0, 0, 0, 0])).message).toContain('got a damaged one: it says no size.')
  expect(refusal(patched('444.jpg', (bytes) => findPair(bytes, 0xff, 0xc0) + 5, [0, 0])).message).toContain('no size')
  expect(refusal(patched('lossy.webp', () => 12, [...text.encode('ABCD')])).message).toContain('no size')
})
