import { createHash } from 'node:crypto'
import { type ImageShape, RandomState } from '@gicho/core'

/** How tools/golden/augment.py makes its images. */
export type ImageKind = 'bytes' | 'strokes' | 'unit' | 'signed'

const rules: Record<ImageKind, (random: RandomState) => number> = {
  bytes: (random) => random.randint(0, 256),
  strokes: (random) => {
    const value = random.randint(0, 256)
    return value < 200 ? 0 : value
  },
  unit: (random) => random.random(),
  signed: (random) => random.uniform(-1, 1),
}

/** The image or images that the fixture's script made from the same seed. */
export function goldenImage(kind: ImageKind, seed: number, shape: readonly number[]): Float32Array {
  const random = new RandomState(seed)
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rules[kind](random))
}

/** The first twelve digits of the SHA-256 over the array's bytes. */
export function digest(values: Float32Array | Uint32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12)
}

/** The six pixels that the fixture keeps. */
export function keptPixels(values: Float32Array): number[] {
  const last = values.length - 1
  const places = new Set(Array.from({ length: 6 }, (_, i) => Math.trunc((i * last) / 5)))
  return [...places].map((place) => values[place] ?? Number.NaN)
}

const bits = new Int32Array(1)
const float = new Float32Array(bits.buffer)

/** How many float32 numbers lie between two of them. */
export function ulpsApart(a: number, b: number): number {
  return Math.abs(ordinal(a) - ordinal(b))
}

function ordinal(value: number): number {
  float[0] = value
  const word = bits[0] ?? 0
  return word < 0 ? -(word & 0x7fffffff) : word
}

/** A shape of a JSON file. */
export function asShape(sizes: readonly number[]): ImageShape {
  const [height = 0, width = 0, channels = 0] = sizes
  return [height, width, channels]
}
