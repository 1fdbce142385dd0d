import { runInNewContext } from 'node:vm'
import { unitRange } from '@gicho/core'
import { expect, test } from 'vitest'
import { wholeImages } from './whole-images.ts'

test('bytes that another window made are bytes; its floats are refused by name', () => {
  const made = (code: string): Uint8Array => runInNewContext(code) as Uint8Array
  expect(wholeImages(made('new Uint8Array(8)'), unitRange([4]))).toBe(2)
  expect(() => wholeImages(made('new Float32Array(8)'), unitRange([4]))).toThrow('got a Float32Array')
})
