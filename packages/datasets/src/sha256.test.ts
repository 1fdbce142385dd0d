import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { portableSha256 } from './portable-sha256.ts'
import { sha256Hex } from './sha256.ts'

afterEach(() => vi.unstubAllGlobals())

// FIPS 180-4's own example
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

test('the hash is the same with and without crypto.subtle', async () => {
  const abc = new TextEncoder().encode('abc')
  expect(await sha256Hex(abc)).toBe(ABC)
  vi.stubGlobal('crypto', { getRandomValues: () => undefined })
  expect(await sha256Hex(abc)).toBe(ABC)
})

test('the portable hash is that of crypto.subtle for any bytes', async () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  await fc.assert(
    fc.asyncProperty(bytes, fc.nat(70), async (values, start) => {
      const view = new Uint8Array(values).subarray(start)
      expect(portableSha256(view)).toEqual(new Uint8Array(await crypto.subtle.digest('SHA-256', view)))
    }),
  )
})

test('bytes in shared memory are hashed too', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(3))
  shared.set(new TextEncoder().encode('abc'))
  expect(await sha256Hex(shared)).toBe(ABC)
})
