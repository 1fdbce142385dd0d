import { GichoError, type ImageShape } from '@gicho/core'
import type { Draw } from './draw.ts'
import { channelDeviations, channelMeans, mean, standardDeviation } from './numpy-statistics.ts'
import { samplingMatrix } from './sampling-matrix.ts'
import { whiten, whiteningMatrix } from './whitening.ts'

const NOT_ZERO = Math.fround(1e-6)
const { fround } = Math

/** What happens to each image after its transformation, in this order; names and meaning are Keras'. */
export interface StandardizeOptions {
  /** Is given each image and its shape, and returns as many values. */
  readonly preprocessingFunction?: (image: Float32Array, shape: ImageShape) => Float32Array
  /** Factor; none where left out or 0. */
  readonly rescale?: number
  /** Each image's own mean is taken away. */
  readonly samplewiseCenter?: boolean
  /** Each image is divided by its own standard deviation + 1e-6; also centres. */
  readonly samplewiseStdNormalization?: boolean
  /** The fitted mean of each channel is taken away. */
  readonly featurewiseCenter?: boolean
  /** Each channel is divided by its fitted standard deviation + 1e-6; also centres. */
  readonly featurewiseStdNormalization?: boolean
  /** Fitted whitening; also centres, and switches featurewiseStdNormalization off. */
  readonly zcaWhitening?: boolean
  /** 1e-6 by default. */
  readonly zcaEpsilon?: number
}

/** What `fit` has learned from data; null is what it wasn't asked for. Plain data: may be stored. */
export interface FittedStatistics {
  /** [channels]. */
  readonly mean: Float32Array | null
  /** [channels]. */
  readonly std: Float32Array | null
  /** [size, size] row-major, size = height * width * channels. */
  readonly whitening: Float64Array | null
}

/** The statistics before `fit`. */
export const notFitted: FittedStatistics = { mean: null, std: null, whitening: null }

/**
 * The options with what they imply: normalising implies centring, whitening implies centring and no normalising.
 *
 * @param warn is told of each override, as Keras warns
 * @throws GichoError `bad-argument` for a rescale or zcaEpsilon that isn't finite
 */
export function impliedOptions(options: StandardizeOptions, warn: (message: string) => void): StandardizeOptions {
  const { rescale = 0, zcaEpsilon = 1e-6 } = options
  for (const [name, value] of Object.entries({ rescale, zcaEpsilon })) {
    if (!Number.isFinite(value)) {
      throw new GichoError('bad-argument', `${name}: expected a finite number, got ${value}.`)
    }
  }
  const implied = { ...options, rescale, zcaEpsilon }
  const set = (cause: string, name: keyof StandardizeOptions, value: boolean) => {
    if (Boolean(implied[name]) === value) return
    warn(`ImageDataGenerator: ${cause} sets ${name} to ${value}.`)
    Object.assign(implied, { [name]: value })
  }
  if (implied.zcaWhitening) {
    set('zcaWhitening', 'featurewiseCenter', true)
    set('zcaWhitening', 'featurewiseStdNormalization', false)
  }
  if (implied.featurewiseStdNormalization) set('featurewiseStdNormalization', 'featurewiseCenter', true)
  if (implied.samplewiseStdNormalization) set('samplewiseStdNormalization', 'samplewiseCenter', true)
  return implied
}

/** True when {@link standardizeImage} would change anything. */
export function standardizes(options: StandardizeOptions): boolean {
  const { samplewiseCenter, featurewiseCenter, zcaWhitening } = options // normalising implies centring
  const centres = samplewiseCenter || featurewiseCenter || zcaWhitening
  return options.preprocessingFunction !== undefined || Boolean(options.rescale) || Boolean(centres)
}

/**
 * Standardises one image in place, with numpy's bits (whitening aside, which is a matrix product).
 *
 * @param image [height, width, channels]
 * @param draw what the image has been through: how numpy rounds the samplewise sums depends on it
 * @returns the image, or new memory where the preprocessing function or whitening made it
 * @throws GichoError `bad-shape` when the preprocessing function returns another number of values, or the statistics
 *   were fitted on images of another shape
 */
export function standardizeImage(
  image: Float32Array,
  shape: ImageShape,
  options: StandardizeOptions,
  fitted: FittedStatistics,
  draw?: Draw,
): Float32Array {
  const { preprocessingFunction, rescale = 0 } = options
  const values = preprocessingFunction ? preprocessed(preprocessingFunction, image, shape) : image
  if (rescale !== 0) scale(values, rescale)
  // numpy keeps the layout of the image in what a function of each value makes of it.
  if (options.samplewiseCenter || options.samplewiseStdNormalization) normalizeSample(values, shape, options, draw)
  checkFitted(fitted, shape)
  if (options.featurewiseCenter && fitted.mean) subtract(values, fitted.mean)
  if (options.featurewiseStdNormalization && fitted.std) divide(values, fitted.std)
  return options.zcaWhitening && fitted.whitening ? whiten(values, fitted.whitening) : values
}

function normalizeSample(
  values: Float32Array,
  shape: ImageShape,
  options: StandardizeOptions,
  draw: Draw | undefined,
): void {
  const walked = () => (draw && isPlanar(draw, shape) ? planesOf(values, shape[2]) : values)
  if (options.samplewiseCenter) subtract(values, [mean(walked())])
  if (options.samplewiseStdNormalization) divide(values, [standardDeviation(walked())])
}

/** Whether Keras' image lies channel after channel after a draw: the affine sample and the channel shift leave it so. */
function isPlanar(draw: Draw, shape: ImageShape): boolean {
  if (shape[2] === 1 || draw.brightness !== null) return false
  return draw.channelShift !== null || samplingMatrix(draw, shape[0], shape[1]) !== null
}

function planesOf(image: Float32Array, channels: number): Float32Array {
  const pixels = image.length / channels
  return Float32Array.from(image, (_, i) => image[(i % pixels) * channels + Math.floor(i / pixels)] ?? 0)
}

/**
 * The statistics that the options need, of images that are rescaled already; changes the images.
 *
 * @param images [n, height, width, channels]
 */
export function fitStatistics(images: Float32Array, shape: ImageShape, options: StandardizeOptions): FittedStatistics {
  const [height, width, channels] = shape
  const mean = options.featurewiseCenter ? channelMeans(images, channels) : null
  if (mean) subtract(images, mean)
  const std = options.featurewiseStdNormalization ? channelDeviations(images, channels) : null
  if (std) divide(images, std)
  const size = height * width * channels
  const whitening = options.zcaWhitening ? whiteningMatrix(images, size, options.zcaEpsilon ?? 1e-6) : null
  return { mean, std, whitening }
}

/** In float32, as numpy multiplies an array by a Python number. */
export function scale(values: Float32Array, factor: number): void {
  const rounded = fround(factor)
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * rounded
}

function subtract(values: Float32Array, byChannel: ArrayLike<number>): void {
  const channels = byChannel.length
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) - (byChannel[i % channels] ?? 0)
}

function divide(values: Float32Array, byChannel: ArrayLike<number>): void {
  const divisors = Float32Array.from(byChannel, (deviation) => fround(deviation + NOT_ZERO))
  const channels = divisors.length
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) / (divisors[i % channels] ?? 1)
}

function preprocessed(
  run: (image: Float32Array, shape: ImageShape) => Float32Array,
  image: Float32Array,
  shape: ImageShape,
): Float32Array {
  const result = run(image, shape)
  if (result instanceof Float32Array && result.length === image.length) return result
  throw new GichoError(
    'bad-shape',
    `preprocessingFunction: expected a Float32Array of ${image.length} values (${shape.join('x')}) back, ` +
      `got ${result instanceof Float32Array ? `${result.length} values` : typeof result}.`,
  )
}

function checkFitted(fitted: FittedStatistics, shape: ImageShape): void {
  const size = shape[0] * shape[1] * shape[2]
  const channels = fitted.mean?.length ?? fitted.std?.length ?? shape[2]
  if (channels === shape[2] && (fitted.whitening === null || fitted.whitening.length === size * size)) return
  throw new GichoError(
    'bad-shape',
    `standardize: expected images like those that were fitted, got ${shape.join('x')}. Call fit with such images.`,
  )
}
