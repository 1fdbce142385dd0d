import fc from 'fast-check'
import { encode } from 'fast-png'
import { expect, test } from 'vitest'
import { pillow, sample, sha256 } from '../test/samples.node.ts'
import { decodeImage } from './decode-image.node.ts'
import { imageToInput } from './image-to-input.ts'

test.each(pillow.images)("$file has Pillow's pixels, luma and 28x28", async (expected) => {
  const image = await decodeImage(sample(expected.file), expected.file)
  const { width, height } = image
  expect([width, height]).toEqual([expected.width, expected.height])
  expect(sha256(imageToInput(image, [height, width, 1]))).toBe(expected.grey)
  expect(sha256(imageToInput(image, [height, width, 3]))).toBe(expected.rgb)
  expect(sha256(imageToInput(image, [28, 28, 1]))).toBe(expected.seenGrey)
  expect(sha256(imageToInput(image, [28, 28, 3]))).toBe(expected.seenRgb)
  expect(image.orientation).toBe(expected.orientation)
  if (image.channels === 4 && expected.rgba !== null) expect(sha256(image.pixels)).toBe(expected.rgba)
})

test('a file is recognised by its content', async () => {
  expect((await decodeImage(sample('420.jpg'), 'photo.png')).format).toBe('jpeg')
  expect((await decodeImage(sample('lossy.webp'), 'photo.png')).format).toBe('webp')
  expect((await decodeImage(sample('rgb.png'), 'photo.jpg')).format).toBe('png')
})

test('images decoded at the same time do not get in each other’s way', async () => {
  const names = ['420.jpg', '444.jpg', 'lossy.webp', '422.jpg', 'lossless.webp', 'rgb.png']
  const apart: string[] = []
  for (const name of names) apart.push(sha256((await decodeImage(sample(name))).pixels))
  const together = await Promise.all(names.map((name) => decodeImage(sample(name))))
  expect(together.map(({ pixels }) => sha256(pixels))).toEqual(apart)
})

test('a part of a larger buffer is decoded, and left as it is', async () => {
  const file = sample('420.jpg')
  const larger = new Uint8Array(file.length + 100)
  larger.set(file, 50)
  const part = larger.subarray(50, 50 + file.length)
  expect((await decodeImage(part)).pixels).toEqual((await decodeImage(file)).pixels)
  expect(part).toEqual(file)
})

test.each(['rgb.png', '420.jpg', 'progressive.jpg', 'lossy.webp', 'lossless.webp', 'alpha.webp'])(
  'a truncated %s is refused wherever it is cut',
  async (name) => {
    const whole = sample(name)
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const cut = whole.subarray(0, Math.floor(whole.length * share))
      await expect(decodeImage(cut, name)).rejects.toThrow(
        `it is cut off after ${cut.length} bytes. Copy or save it anew.`,
      )
    }
  },
)

test('a damaged image is refused with a sentence, never with anything but a GichoError', async () => {
  const broken = sample('rgb.png')
  broken.fill(0, 60, 90)
  await expect(decodeImage(broken, 'a.png')).rejects.toThrow('a.png: expected a whole PNG image, got a damaged one')
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('rgb.png', 'palette.png', '420.jpg', 'progressive.jpg', 'lossy.webp', 'alpha.webp'),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (name, changes) => {
        const bytes = sample(name)
        for (const [place, value] of changes) bytes[Math.floor(place * (bytes.length - 1))] = value
        await decodeImage(bytes).then(
          (image) => expect(image.pixels).toHaveLength(image.width * image.height * image.channels),
          (error: unknown) => expect(error).toMatchObject({ name: 'GichoError' }),
        )
      },
    ),
    { numRuns: 200 },
  )
})

test('any PNG that fast-png writes comes back as it was, its 16 bits cut to their upper half', async () => {
  const sizes = fc.integer({ min: 1, max: 9 })
  await fc.assert(
    fc.asyncProperty(
      sizes,
      sizes,
      fc.constantFrom(1, 2, 3, 4),
      fc.constantFrom(8, 16),
      async (width, height, channels, depth) => {
        const length = width * height * channels
        const values = Array.from({ length }, (_, i) => (i * 40_503) % 2 ** depth)
        const data = depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values)
        const image = await decodeImage(encode({ width, height, channels, depth, data }))
        expect([...image.pixels]).toEqual(values.map((value) => (depth === 8 ? value : value >> 8)))
      },
    ),
    { numRuns: 40 },
  )
})
