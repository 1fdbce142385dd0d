/*
 * Threefry-2x32-20: a random function of (key, counter) built from add, rotate and xor alone, so that every device
 * computes the same numbers in any order. Source: J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
 * SC'11; the constants and the known answers are those of the Random123 library.
 *
 * Counter layout, the same on every engine, for an activation of [rows, channels] (rows = batch x height x width):
 *   key     = [seed, stream]        stream = the random layer's place in the model, counted from 0
 *   counter = [step, group]         step = training steps since the run began,
 *                                   group = row * ceil(channels / 4) + (channel >> 2): four channels share the 64 bits
 *   channel c takes 16 of them: word (c >> 1) & 1, its low half when c is even, its high half when odd
 * A dropout element is dropped when its 16 bits are below round(rate * 65536). Dropout of whole channels (SpatialDropout2D) is the
 * same for an activation of [batch, channels].
 *
 * Normal numbers (GaussianNoise) take more bits, so two channels share a counter:
 *   group = row * ceil(channels / 2) + (channel >> 1)
 *   u = ((word 0 >> 8) + 1) / 2^24, v = (word 1 >> 8) / 2^24, radius = sqrt(-2 ln u)   (G. Box, M. Muller, 1958)
 *   the even channel gets radius cos(2 pi v), the odd one radius sin(2 pi v)
 */
import { GichoError } from './errors.ts'

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const
const PARITY = 0x1bd11bda

/** The two output words of Threefry-2x32 with 20 rounds. All numbers are taken and given as unsigned 32 bits. */
export function threefry2x32(key0: number, key1: number, counter0: number, counter1: number): [number, number] {
  const keys = [key0 | 0, key1 | 0, PARITY ^ key0 ^ key1] as const
  let x0 = (counter0 + keys[0]) | 0
  let x1 = (counter1 + keys[1]) | 0
  for (let round = 0; round < 20; round++) {
    const rotation = ROTATIONS[round & 7] ?? 0
    x0 = (x0 + x1) | 0
    x1 = ((x1 << rotation) | (x1 >>> (32 - rotation))) ^ x0
    if ((round & 3) === 3) {
      const injection = (round >> 2) + 1
      x0 = (x0 + (keys[injection % 3] ?? 0)) | 0
      x1 = (x1 + (keys[(injection + 1) % 3] ?? 0) + injection) | 0
    }
  }
  return [x0 >>> 0, x1 >>> 0]
}

/** Where in the random stream a dropout mask lies: see the counter layout above. */
export interface MaskKey {
  readonly seed: number
  readonly stream: number
  readonly step: number
}

/**
 * The number of 65536 below which an element's 16 bits drop it, for a rate in [0, 1).
 *
 * @throws GichoError `bad-argument` for any other rate
 */
export function dropThreshold(rate: number): number {
  if (!(rate >= 0 && rate < 1)) {
    throw new GichoError('bad-argument', `dropout rate: expected a number from 0 up to but not 1, got ${rate}.`)
  }
  return Math.round(rate * 65536)
}

/**
 * The inverted-dropout mask of one layer in one step: 0 for dropped elements, 1 / (1 - rate) for kept ones.
 *
 * @param rows all axes of the activation but the last, multiplied: batch, or batch x height x width
 * @param channels the last axis
 * @param rate the share that is dropped, in [0, 1)
 * @returns [rows, channels] row-major
 * @throws GichoError `bad-argument` when the rate isn't in [0, 1)
 */
export function dropoutMask(key: MaskKey, rows: number, channels: number, rate: number): Float32Array {
  const mask = new Float32Array(rows * channels)
  const threshold = dropThreshold(rate)
  const kept = Math.fround(1 / (1 - rate))
  const groups = Math.ceil(channels / 4)
  let words: [number, number] = [0, 0]
  for (let row = 0; row < rows; row++) {
    for (let channel = 0; channel < channels; channel++) {
      const lane = channel & 3
      if (lane === 0) words = threefry2x32(key.seed, key.stream, key.step, row * groups + (channel >> 2))
      const word = words[(lane >> 1) as 0 | 1]
      const bits = lane & 1 ? word >>> 16 : word & 0xffff
      mask[row * channels + channel] = bits < threshold ? 0 : kept
    }
  }
  return mask
}

/**
 * The numbers that GaussianNoise adds in one step: normal, with mean 0.
 *
 * @param rows all axes of the activation but the last, multiplied
 * @param channels the last axis
 * @param stddev standard deviation
 * @returns [rows, channels] row-major; engines that compute in float32 differ in the last bits
 */
export function gaussianNoise(key: MaskKey, rows: number, channels: number, stddev: number): Float32Array {
  const noise = new Float32Array(rows * channels)
  const groups = Math.ceil(channels / 2)
  for (let row = 0; row < rows; row++) {
    for (let channel = 0; channel < channels; channel += 2) {
      const [first, second] = threefry2x32(key.seed, key.stream, key.step, row * groups + (channel >> 1))
      const radius = stddev * Math.sqrt(-2 * Math.log(((first >>> 8) + 1) / 2 ** 24))
      const angle = (2 * Math.PI * (second >>> 8)) / 2 ** 24
      const at = row * channels + channel
      noise[at] = radius * Math.cos(angle)
      if (channel + 1 < channels) noise[at + 1] = radius * Math.sin(angle)
    }
  }
  return noise
}
