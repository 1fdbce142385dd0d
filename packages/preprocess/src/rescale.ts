import { GichoError } from '@gicho/core'

const BYTES = 256

/**
 * `value * scale + offset` for each value, computed in float64 and rounded once to float32.
 *
 * For bytes and the default scale the result is bit for bit what Keras trains on after the course's `x / 255` (numpy
 * divides in float64, Keras then rounds to float32). A product in float32, as a graphics card would compute it, differs
 * in the last bit for 126 of the 256 bytes.
 *
 * @param values any shape; bytes (0..255) are the quick case
 * @param scale 1/255 brings bytes into [0, 1]
 * @param offset is added after scaling; `rescale(bytes, 2 / 255, -1)` brings bytes into [-1, 1]
 * @returns new memory of the same length
 * @throws GichoError `bad-argument` when scale or offset isn't finite
 *
 * @example
 * rescale(Uint8Array.of(0, 51, 255)) // Float32Array [0, 0.2, 1]
 */
export function rescale(values: ArrayLike<number>, scale: number = 1 / 255, offset = 0): Float32Array {
  if (!Number.isFinite(scale) || !Number.isFinite(offset)) {
    throw new GichoError('bad-argument', `rescale: expected a finite scale and offset, got ${scale} and ${offset}.`)
  }
  const result = new Float32Array(values.length)
  if (values instanceof Uint8Array || values instanceof Uint8ClampedArray) {
    const table = Float32Array.from({ length: BYTES }, (_, byte) => byte * scale + offset)
    for (let i = 0; i < values.length; i++) result[i] = table[values[i] ?? 0] ?? 0
  } else {
    for (let i = 0; i < values.length; i++) result[i] = (values[i] ?? 0) * scale + offset
  }
  return result
}
