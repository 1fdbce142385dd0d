import { expect, test } from 'vitest'
import { addressOf, guardedAddress, MemoryMap } from './memory-map.ts'

test('bytes that go over what was reserved for a place are refused before they are written', () => {
  const place = new MemoryMap().place('order', 64)
  expect(guardedAddress(place, 64)).toBe(addressOf(place))
  expect(() => guardedAddress(place, 65)).toThrow(
    'engine: 65 bytes at 0 don\'t fit into "order", for which 64 were reserved. Nothing was written.',
  )
  expect(() => guardedAddress({ ...place, offset: 60 }, 8)).toThrow('8 bytes at 60')
  expect(() => guardedAddress({ ...place, offset: -4 }, 4)).toThrow('4 bytes at -4')
  expect(() => guardedAddress(place, Number.NaN)).toThrow('NaN bytes')
})
