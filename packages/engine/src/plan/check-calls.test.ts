import { expect, test } from 'vitest'
import type { Buffer } from '../ops/emitter.ts'
import { kernelTable } from '../ops/kernel-table.ts'
import { makeTensor } from '../ops/tensor.ts'
import { checkCalls } from './check-calls.ts'
import type { Call } from './schedule.ts'

const END = 2 ** 20

/** A copy of images of 4x4x4, from one buffer to another. */
function copyOf(changes: Readonly<Record<string, Call['args'][string]>> = {}, tiles = 3): Call {
  const [x, y] = [makeTensor('x', 3, [4, 4, 4]), makeTensor('y', 3, [4, 4, 4])]
  x.at.buffer.address = 1024
  y.at.buffer.address = 65536
  const [xAt, yAt] = [x.at, y.at]
  const strides = { xImage: x.image, xRow: x.row, xPixel: x.pixel, yImage: y.image, yRow: y.row, yPixel: y.pixel }
  const sizes = { height: 4, width: 4, channels: 4, zeros: 0, add: 0 }
  const args = { x: xAt, y: yAt, ...strides, ...sizes, ...changes }
  return { kernel: 'copyBlock', tiles, args, reads: [x.at.buffer], writes: [y.at.buffer] }
}

function placed(name: string, bytes: number, address: number): Buffer {
  return { name, bytes, kind: 'step', address }
}

test('a call inside its buffers is taken', () => {
  expect(() => checkCalls([copyOf()], [], END)).not.toThrow()
})

test.each<[string, Call, string]>([
  ['one image too many', copyOf({}, 5), 'copyBlock: x goes from 0 to 1280 in "x", which has 832 bytes'],
  ['rows behind the image', copyOf({ height: 40 }), 'in "x", which has 832 bytes'],
  ['a place before the buffer', copyOf({ y: { buffer: placed('y', 832, 65536), offset: -64 } }), 'y goes from -64 to'],
  [
    'a buffer outside the memory',
    copyOf({ y: { buffer: placed('y', 832, END), offset: 0 } }),
    '"y" lies outside the memory',
  ],
  [
    'a buffer without an address',
    copyOf({ y: { buffer: placed('y', 832, 0), offset: 0 } }),
    '"y" lies outside the memory',
  ],
  ['a row that no 32 bits hold', copyOf({ yRow: 2 ** 32 }), 'yRow is 4294967296, which is no number of 32 bits'],
  ['half a row', copyOf({ height: 3.5 }), 'height is 3.5'],
  ['no tile', copyOf({}, 0), '0 tiles'],
  [
    'an address of which no one says how far it reaches',
    copyOf({ zeros: { buffer: placed('z', 64, 1024), offset: 0 } }),
    'nothing says how far zeros reaches',
  ],
])('a call with %s is refused before it runs', (_, call, message) => {
  expect(() => checkCalls([call], [], END)).toThrow(message)
})

test('a wide enough window is told from one that is too wide: segments count', () => {
  const list: Buffer = placed('segments', 8, 2048)
  const names: readonly string[] = kernelTable.gemm
  const tensor = (name: string): Record<string, Call['args'][string]> => ({
    [`${name}Image`]: 64,
    [`${name}Row`]: 64,
    [`${name}Pixel`]: 16,
  })
  const args = {
    x: { buffer: placed('x', 192, 4096), offset: 64 },
    ...tensor('x'),
    y: { buffer: placed('y', 64, 8192), offset: 0 },
    ...tensor('y'),
    height: 1,
    width: 4,
    rows: 4,
    segments: { buffer: list, offset: 0 },
    segmentCount: 2,
    segmentLength: 4,
    w: { buffer: placed('w', 256, 16384), offset: 0 },
    panelBytes: 256,
    columns: 4,
    bias: undefined,
    relu: 0,
    tileRows: 4,
    tilePanels: 1,
  }
  expect(Object.keys(args).sort()).toEqual([...names].sort())
  const call: Call = { kernel: 'gemm', tiles: 1, args, reads: [], writes: [] }
  const check = (...words: readonly number[]): void =>
    checkCalls([call], [{ buffer: list, words: Int32Array.from(words) }], END)
  expect(() => check(-64, 64)).not.toThrow()
  expect(() => check(-80, 64)).toThrow('gemm: x goes from -16 to')
  expect(() => check(-64, 80)).toThrow('gemm: x goes from 0 to 208 in "x", which has 192 bytes')
})
