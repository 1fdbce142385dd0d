import {
  type BrightnessMode,
  DRAW_NUMBERS,
  type FillMode,
  fillModes,
  GichoError,
  ImageRenderer,
  type ImageShape,
  type InputTreatment,
  isFillMode,
} from '@gicho/core'
import { checkDraw, type Draw } from './draw.ts'
import { drawNumbers } from './draw-numbers.ts'

/** Images as bytes or floats, [n, height, width, channels] row-major. */
export type ImageValues = Uint8Array | Float32Array

/** What bytes mean: `byte * scale + offset`. core's `unitRange(shape)` is one. */
export type ByteTreatment = Pick<InputTreatment, 'scale' | 'offset'>

/** How draws are applied. */
export interface ApplyOptions {
  /** What stands outside the image; Keras' default is `nearest`. */
  readonly fillMode?: FillMode
  /** The value for `constant`, 0 by default, in the units that the images have when they are transformed. */
  readonly cval?: number
  /** `smooth` by default. */
  readonly brightnessMode?: BrightnessMode
}

const BYTES = 256

/** Applies draws to images of one shape, one after the other; keeps its scratch memory between them. */
export class DrawApplier {
  readonly #shape: ImageShape
  readonly #renderer: ImageRenderer
  readonly #numbers = new Float64Array(DRAW_NUMBERS)

  /**
   * @param shape of every image
   * @param input what bytes mean before anything else (`byte * scale + offset`, rounded to float32); 0..255 by default
   * @throws GichoError `bad-shape` for sizes that aren't whole and positive, `bad-argument` for a wrong option
   */
  constructor(shape: ImageShape, options: ApplyOptions = {}, input?: ByteTreatment) {
    const { fillMode = 'nearest', cval = 0, brightnessMode = 'smooth' } = options
    const { scale, offset } = input ?? { scale: 1, offset: 0 }
    checkShape(shape)
    checkApplyOptions(fillMode, cval, brightnessMode)
    this.#shape = shape
    const table = Float64Array.from({ length: BYTES }, (_, byte) => Math.fround(byte * scale + offset))
    this.#renderer = new ImageRenderer(shape, { fillMode, cval, brightnessMode }, table)
  }

  /**
   * Applies one draw, in Keras' order: affine, channel shift, flips, brightness.
   *
   * @param images one or many; the image number `index` is read
   * @param output one or many; the image number `outputIndex` is written; not the images' own memory
   * @throws GichoError `bad-argument` for a draw with a number that isn't finite
   */
  apply(images: ImageValues, index: number, draw: Draw, output: Float32Array, outputIndex = 0): void {
    checkDraw(draw)
    drawNumbers(draw, this.#shape, this.#numbers)
    this.#renderer.render(images, index, this.#numbers, output, outputIndex)
  }
}

/** What {@link applyDraws} takes. */
export interface ApplyDrawsRequest extends ApplyOptions {
  /** [n, height, width, channels]. */
  readonly images: ImageValues
  readonly shape: ImageShape
  /** Which image each draw is for; the first ones in order where left out. */
  readonly rows?: ArrayLike<number>
  readonly draws: readonly Draw[]
  /** Turns bytes into values before they are transformed, such as core's `unitRange`; left out: 0..255. */
  readonly input?: ByteTreatment
  /** Where to write, [draws, height, width, channels]; new memory where left out. */
  readonly output?: Float32Array
}

/**
 * Applies one draw to each of many images: plain data in, plain data out, as a worker thread wants it.
 *
 * @returns [draws, height, width, channels] float32
 * @throws GichoError `bad-shape` when the arrays' lengths don't fit, `bad-argument` for a row or option outside its range
 *
 * @example
 * const random = new RandomState(1)
 * const ranges = transformRanges({ rotationRange: 10 })
 * const draws = [drawTransform(random, ranges, 28, 28)]
 * const images = applyDraws({ images: data.images, shape: [28, 28, 1], draws, input: { scale: 1 / 255, offset: 0 } })
 */
export function applyDraws(request: ApplyDrawsRequest): Float32Array {
  const { images, shape, rows, draws, input, ...options } = request
  const applier = new DrawApplier(shape, options, input)
  const count = countImages(images, shape)
  const size = shape[0] * shape[1] * shape[2]
  const output = request.output ?? new Float32Array(draws.length * size)
  if (output.length !== draws.length * size) {
    throw new GichoError(
      'bad-shape',
      `applyDraws: expected ${draws.length * size} values in output, got ${output.length}.`,
    )
  }
  draws.forEach((draw, i) => {
    const row = rows === undefined ? i : (rows[i] ?? Number.NaN)
    if (!Number.isInteger(row) || row < 0 || row >= count) {
      throw new GichoError(
        'bad-argument',
        `applyDraws: expected a row from 0 to ${count - 1} for draw ${i}, got ${row}.`,
      )
    }
    applier.apply(images, row, draw, output, i)
  })
  return output
}

/** How many images lie in an array. @throws GichoError `bad-shape` when it isn't a whole number of them */
export function countImages(images: ImageValues, shape: ImageShape): number {
  checkShape(shape)
  const size = shape[0] * shape[1] * shape[2]
  if (images.length % size === 0) return images.length / size
  throw new GichoError(
    'bad-shape',
    `images: expected a multiple of ${size} values (${shape.join('x')}), got ${images.length}.`,
  )
}

/** @throws GichoError `bad-argument` for an unknown mode or a cval that isn't finite */
export function checkApplyOptions(fillMode: unknown, cval: number, brightnessMode: unknown): void {
  if (!isFillMode(fillMode)) {
    throw new GichoError('bad-argument', `fillMode: expected one of ${fillModes.join(', ')}, got '${fillMode}'.`)
  }
  if (!Number.isFinite(cval)) throw new GichoError('bad-argument', `cval: expected a finite number, got ${cval}.`)
  if (brightnessMode !== 'smooth' && brightnessMode !== 'keras') {
    throw new GichoError('bad-argument', `brightnessMode: expected 'smooth' or 'keras', got '${brightnessMode}'.`)
  }
}

function checkShape(shape: readonly number[]): void {
  if (shape.length === 3 && shape.every((size) => Number.isInteger(size) && size > 0)) return
  throw new GichoError(
    'bad-shape',
    `images: expected a shape [height, width, channels] of whole numbers >= 1, got [${shape}].`,
  )
}
