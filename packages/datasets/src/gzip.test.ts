import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gzip } from '../test/published.ts'
import { isGzip, unpack } from './gzip.ts'

test('gzip is unpacked and other bytes are given back as they are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
      fc.pre(!isGzip(bytes))
      expect(await unpack(bytes, 'a', 1e4)).toBe(bytes)
      expect(await unpack(await gzip(bytes), 'a', 1e4)).toEqual(bytes)
    }),
    { numRuns: 30 },
  )
})

test('gzip in shared memory is unpacked', async () => {
  const packed = await gzip(Uint8Array.of(1, 2, 3))
  const shared = new Uint8Array(new SharedArrayBuffer(packed.length))
  shared.set(packed)
  expect(await unpack(shared, 'a', 3)).toEqual(Uint8Array.of(1, 2, 3))
})

test('gzip that is cut off or altered anywhere is refused', async () => {
  const packed = await gzip(Uint8Array.from({ length: 3000 }, (_, i) => (i * i) % 251))
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: packed.length - 1 }), async (length) => {
      await expect(unpack(packed.subarray(0, length), 'images.gz', 3000)).rejects.toThrow(
        `images.gz: expected a whole gzip file, got ${length} bytes that are damaged or cut off. Get it anew.`,
      )
    }),
    { numRuns: 30 },
  )
  const altered = packed.slice()
  altered[100] = (altered[100] ?? 0) ^ 0x10
  await expect(unpack(altered, 'images.gz', 3000)).rejects.toMatchObject({ code: 'bad-data' })
})

test('an archive that unpacks to more than expected is stopped', async () => {
  await expect(unpack(await gzip(new Uint8Array(1e6)), 'bomb.gz', 1000)).rejects.toThrow(
    'bomb.gz: expected gzip of at most 1000 bytes, got more. It is another file than its name says: get it anew.',
  )
})
