import { expect, test } from 'vitest'
import { portableOutput } from './portable-output.ts'

test('a part of a dataset goes to the page without the rest', () => {
  const images = new Uint8Array(1000).fill(7)
  const part = images.subarray(0, 4)
  const picture = { title: 'a', pixels: part, shape: [2, 2, 1] } as const
  const pictures = portableOutput({ kind: 'pictures', title: 'x', columns: 1, pictures: [picture], colours: 'grey' })
  const matrix = portableOutput({ kind: 'matrix', title: 'x', shape: [2, 2], values: part, digits: 0 })
  const sizes = [pictures, matrix].map((output) => structuredClone(output)).flatMap(buffers)
  expect(sizes).toEqual([4, 16])
  expect(matrix).toMatchObject({ values: Float32Array.of(7, 7, 7, 7) })
})

function buffers(value: unknown): number[] {
  if (ArrayBuffer.isView(value)) return [value.buffer.byteLength]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(buffers) : []
}
