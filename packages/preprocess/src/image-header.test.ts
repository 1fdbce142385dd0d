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

test('a file that says a second size is refused: a decoder would take memory for either', () => {
  const jpeg = sample('444.jpg')
  const frame = findPair(jpeg, 0xff, 0xc0)
  const segment = jpeg.slice(frame, frame + 2 + 17)
  segment.set([0, 30, 0, 40], 5)
  const twice = Uint8Array.from([...jpeg.subarray(0, frame + 19), ...segment, ...jpeg.subarray(frame + 19)])
  expect(refusal(twice, 'x.jpg')).toEqual({
    code: 'bad-data',
    message:
      'x.jpg: expected a whole JPEG image, got a damaged one: it says two sizes, 37x29 and 40x30. Copy or save it anew.',
  })
  const png = sample('rgb.png')
  const header = png.slice(8, 33)
  header.set([0, 0, 255, 255, 0, 0, 255, 255], 8)
  expect(refusal(Uint8Array.from([...png.subarray(0, 33), ...header, ...png.subarray(33)])).message).toContain(
    'got 65535x65535, which is 4,295 megapixels',
  )
  const canvas = patched('turned.webp', () => 24, [9, 0, 0, 9, 0, 0])
  expect(refusal(canvas).message).toContain('it says two sizes, 10x10 and 37x29')
})

test('a JPEG of thousands of scans, which would take minutes, is refused', () => {
  const jpeg = sample('progressive.jpg')
  const scan = jpeg.lastIndexOf(0xda) - 1
  const rest = jpeg.subarray(scan, -2)
  const bytes = Buffer.concat([jpeg.subarray(0, scan), ...Array(3000).fill(rest), jpeg.subarray(-2)])
  expect(refusal(bytes, 'x.jpg').message).toMatch(/it has 30\d\d scans, where some ten are usual/)
})

test('a file of nothing but empty parts is refused before they fill the memory', () => {
  const parts = new Uint8Array(12 * 200_000)
  for (let at = 0; at < parts.length; at += 12) parts.set(text.encode('teXt'), at + 4)
  expect(refusal(Buffer.concat([sample('rgb.png').subarray(0, 33), parts])).message).toContain(
    'it has more than 131072 parts',
  )
})

test('an ArrayBuffer or a path in the place of bytes is named', () => {
  const given = (value: unknown) => Object.assign({ bytes: new Uint8Array() }, { bytes: value }).bytes
  expect(refusal(given(new ArrayBuffer(8))).message).toContain('x.png: expected the bytes of a file in a Uint8Array')
  expect(refusal(given('x.png')).message).toContain('Read the file before')
})
