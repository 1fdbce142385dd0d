import { decode } from 'fast-png'
import { expect, test } from 'vitest'
import { pictureDataUri } from './picture-data-uri.ts'

function decoded(uri: string): ReturnType<typeof decode> {
  return decode(Uint8Array.from(atob(uri.replace('data:image/png;base64,', '')), (byte) => byte.charCodeAt(0)))
}

const slope = { title: 'slope', pixels: Uint8Array.of(0, 64, 128, 255), shape: [2, 2, 1] } as const

test('a grey picture is a PNG of its bytes', () => {
  expect(decoded(pictureDataUri(slope, 'grey'))).toMatchObject({ width: 2, height: 2, channels: 1, data: slope.pixels })
})

test('viridis runs from violet to yellow', () => {
  const { channels, data } = decoded(pictureDataUri(slope, 'viridis'))
  expect(channels).toBe(3)
  expect([...data.subarray(0, 3)]).toEqual([68, 1, 84])
  expect([...data.subarray(9)]).toEqual([253, 231, 37])
})

test('a picture in colour keeps its colours', () => {
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6)
  const { data } = decoded(pictureDataUri({ title: '', pixels, shape: [1, 2, 3] }, 'viridis'))
  expect([...data]).toEqual([...pixels])
})

test('bytes that do not fit the shape are refused', () => {
  expect(() => pictureDataUri({ ...slope, shape: [2, 3, 1] }, 'grey')).toThrow('picture "slope": expected 2x3x1 bytes')
  expect(() => pictureDataUri({ ...slope, shape: [1, 1, 5] }, 'grey')).toThrow('1 to 4 channels')
})
