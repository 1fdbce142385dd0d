import { expect } from 'vitest'

/** Compares large arrays by their bytes: `toEqual` takes half a second for a million numbers. */
export function expectSame(found: Uint8Array | undefined, expected: Uint8Array | undefined): void {
  expect(found?.length).toBe(expected?.length)
  expect(found?.findIndex((byte, i) => byte !== expected?.[i])).toBe(-1)
}
