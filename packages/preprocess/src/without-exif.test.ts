import { expect, test } from 'vitest'
import { sample, sha256 } from '../test/samples.node.ts'
import { decodeImage } from './decode-image.node.ts'
import type { ImageFormat } from './image-kind.ts'
import { withoutExif } from './without-exif.ts'

const turned: readonly (readonly [string, ImageFormat])[] = [
  ['turned.png', 'png'],
  ['turned.jpg', 'jpeg'],
  ['turned.webp', 'webp'],
]

test.each(turned)('%s loses its Exif part and keeps its pixels', async (name, format) => {
  const file = sample(name)
  const bare = withoutExif(file, format)
  expect(bare.length).toBeLessThan(file.length)
  expect(String.fromCharCode(...bare)).not.toMatch(/exif/i)
  expect(sha256((await decodeImage(bare)).pixels)).toBe(sha256((await decodeImage(file)).pixels))
})

test('a file without one is given back as it is', () => {
  const file = sample('420.jpg')
  expect(withoutExif(file, 'jpeg')).toBe(file)
})
