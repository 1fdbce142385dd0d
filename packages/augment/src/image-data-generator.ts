import {
  type Augmentation,
  type Augmenter,
  checkOptionNames,
  DRAW_NUMBERS,
  GichoError,
  type ImageShape,
  RandomState,
} from '@gicho/core'
import {
  type ApplyOptions,
  type ByteTreatment,
  checkApplyOptions,
  countImages,
  DrawApplier,
  type ImageValues,
} from './apply-draw.ts'
import type { LabelledImages, LabelValues } from './batch.ts'
import { type Draw, drawTransform, identityDraw } from './draw.ts'
import { drawNumbers } from './draw-numbers.ts'
import { Flow } from './flow.ts'
import type { FlowOptions } from './flow-options.ts'
import {
  type FittedStatistics,
  fitStatistics,
  impliedOptions,
  notFitted,
  type StandardizeOptions,
  scale,
  standardizeImage,
  standardizes,
} from './standardization.ts'
import { type TransformOptions, type TransformRanges, transformRanges } from './transform-ranges.ts'

/** Every option there is: the compiler sees that none is missing here and below. */
const NAMES: Readonly<Record<keyof ImageDataGeneratorOptions, true>> = {
  rotationRange: true,
  widthShiftRange: true,
  heightShiftRange: true,
  shearRange: true,
  zoomRange: true,
  channelShiftRange: true,
  brightnessRange: true,
  horizontalFlip: true,
  verticalFlip: true,
  fillMode: true,
  cval: true,
  brightnessMode: true,
  preprocessingFunction: true,
  rescale: true,
  samplewiseCenter: true,
  samplewiseStdNormalization: true,
  featurewiseCenter: true,
  featurewiseStdNormalization: true,
  zcaWhitening: true,
  zcaEpsilon: true,
  validationSplit: true,
  seed: true,
  onWarning: true,
}
const FIT_NAMES: Readonly<Record<keyof FitOptions, true>> = { augment: true, rounds: true, seed: true, input: true }
const FLOW_NAMES: Readonly<Record<keyof FlowOptions, true>> = {
  batchSize: true,
  shuffle: true,
  sampleWeight: true,
  seed: true,
  subset: true,
  ignoreClassSplit: true,
  input: true,
}

/** Keras' settings under Keras' names, in camelCase. Everything is off by default. */
export interface ImageDataGeneratorOptions extends TransformOptions, ApplyOptions, StandardizeOptions {
  /** Share of the data that the subset `validation` gets: its **first** part. */
  readonly validationSplit?: number
  /**
   * The generator's random numbers, which in Keras are numpy's global ones: a number is `np.random.seed(number)`, a
   * RandomState is shared (give it to two generators to have them draw from one stream). Unforeseeable by default.
   */
  readonly seed?: number | RandomState
  /** Gets what Keras warns of; `console.warn` by default. */
  readonly onWarning?: (message: string) => void
}

/** What {@link ImageDataGenerator.fit} takes beside images. */
export interface FitOptions {
  /** Fits on transformed images. */
  readonly augment?: boolean
  /** With `augment`: how many times each image is transformed; 1 by default. */
  readonly rounds?: number
  /** Seeds the generator's random numbers first. */
  readonly seed?: number
  /** What bytes mean; 0..255 by default. */
  readonly input?: ByteTreatment
}

/**
 * Keras' ImageDataGenerator: random transformations and normalisation of images, with the same draws and the same
 * images for the same seed.
 *
 * What isn't there: channels-first images, spline orders other than 1, reading folders and saving pictures.
 * Source: keras/src/legacy/preprocessing/image.py.
 *
 * @example
 * const generator = new ImageDataGenerator({ rotationRange: 10, zoomRange: 0.1, horizontalFlip: true, seed: 1 })
 * for (const batch of generator.flow(train, { input: { scale: 1 / 255, offset: 0 } }).take(100)) learn(batch)
 */
export class ImageDataGenerator implements Augmenter {
  /** Checked ranges, for `drawTransform`. */
  readonly ranges: TransformRanges
  /** For `applyDraws`. */
  readonly applyOptions: ApplyOptions
  readonly validationSplit: number
  /** The generator's own stream: numpy's global generator in Keras. */
  readonly random: RandomState
  /** What `fit` learned; may be set to what was stored. */
  fitted: FittedStatistics = notFitted
  readonly #standardize: StandardizeOptions
  readonly #warn: (message: string) => void

  /** @throws GichoError `bad-argument` naming the option that is wrong */
  constructor(options: ImageDataGeneratorOptions = {}) {
    checkOptionNames('ImageDataGenerator', options, NAMES)
    const { fillMode = 'nearest', cval = 0, brightnessMode = 'smooth', validationSplit = 0, seed } = options
    this.#warn = options.onWarning ?? ((message) => console.warn(message))
    this.ranges = transformRanges(options)
    checkApplyOptions(fillMode, cval, brightnessMode)
    this.applyOptions = { fillMode, cval, brightnessMode }
    this.#standardize = impliedOptions(options, this.#warn)
    if (!(validationSplit >= 0 && validationSplit < 1)) {
      throw new GichoError(
        'bad-argument',
        `validationSplit: expected a share from 0 to below 1, got ${validationSplit}.`,
      )
    }
    this.validationSplit = validationSplit
    this.random = seed instanceof RandomState ? seed : new RandomState(seed ?? unforeseeable())
  }

  /**
   * Draws a transformation for an image of this shape: Keras' `get_random_transform`.
   *
   * @param seed seeds the generator's random numbers first
   */
  getRandomTransform(shape: ImageShape, seed?: number): Draw {
    if (seed !== undefined) this.random.seed(seed)
    return drawTransform(this.random, this.ranges, shape[0], shape[1])
  }

  /**
   * Applies a draw to one image: Keras' `apply_transform`.
   *
   * @param image [height, width, channels]; is left as it is
   * @param draw what is missing changes nothing
   * @throws GichoError `bad-shape` when the image doesn't have the shape, `bad-argument` for a draw that isn't finite
   */
  applyTransform(image: ImageValues, shape: ImageShape, draw: Partial<Draw>): Float32Array {
    checkOneImage(image, shape)
    const output = new Float32Array(image.length)
    new DrawApplier(shape, this.applyOptions).apply(image, 0, { ...identityDraw, ...draw }, output)
    return output
  }

  /** Draws and applies: Keras' `random_transform`. @param seed seeds the generator's random numbers first */
  randomTransform(image: ImageValues, shape: ImageShape, seed?: number): Float32Array {
    return this.applyTransform(image, shape, this.getRandomTransform(shape, seed))
  }

  /**
   * Normalises one image: preprocessing function, rescale, samplewise, featurewise, whitening.
   *
   * @param image [height, width, channels]; floats are changed in place, as in Keras
   * @param draw what the image has been through: it decides the order in which Keras' samplewise sums are rounded
   * @throws GichoError `bad-shape` when the image doesn't have the shape, or was not what was fitted
   */
  standardize(image: ImageValues, shape: ImageShape, draw?: Draw): Float32Array {
    checkOneImage(image, shape)
    this.#warnOfMissingFit()
    const values = image instanceof Float32Array ? image : Float32Array.from(image)
    return standardizeImage(values, shape, this.#standardize, this.fitted, draw)
  }

  /**
   * Learns what featurewise normalisation and whitening need. Without those it only draws.
   *
   * Images are rescaled, but not preprocessed, before; as in Keras.
   *
   * @throws GichoError `bad-shape` when the images don't fit the shape, `bad-argument` for none or for wrong rounds
   */
  fit(data: LabelledImages, options: FitOptions = {}): void {
    checkOptionNames('ImageDataGenerator.fit', options, FIT_NAMES)
    const { images, shape } = data
    const { augment = false, rounds = 1, seed, input } = options
    const count = countImages(images, shape)
    if (count === 0) throw new GichoError('bad-argument', 'fit: expected at least one image, got none.')
    if (!Number.isInteger(rounds) || rounds < 1) {
      throw new GichoError('bad-argument', `fit: expected whole rounds >= 1, got ${rounds}.`)
    }
    if (seed !== undefined) this.random.seed(seed)
    const plain = new DrawApplier(shape, this.applyOptions, input)
    const values = new Float32Array(images.length)
    for (let i = 0; i < count; i++) plain.apply(images, i, identityDraw, values, i)
    if (this.#standardize.rescale) scale(values, this.#standardize.rescale)
    const seen = augment ? this.#transformed(values, shape, count, rounds) : values
    this.fitted = fitStatistics(seen, shape, this.#standardize)
  }

  /**
   * Endless batches of transformed, normalised images: Keras' `flow`.
   *
   * @throws GichoError `bad-shape` when images, labels and weights don't fit, `bad-argument` for an option out of range
   */
  flow<L extends LabelValues = LabelValues>(data: LabelledImages<L>, options: FlowOptions = {}): Flow<L> {
    checkOptionNames('ImageDataGenerator.flow', options, FLOW_NAMES)
    this.#warnOfMissingFit()
    const [, , channels] = data.shape
    if (![1, 3, 4].includes(channels)) {
      this.#warn(`ImageDataGenerator: expected images of 1, 3 or 4 channels, got ${channels}.`)
    }
    return new Flow(data, options, {
      random: this.random,
      ranges: this.ranges,
      applyOptions: this.applyOptions,
      validationSplit: this.validationSplit,
      standardize: (image, draw) => standardizeImage(image, data.shape, this.#standardize, this.fitted, draw),
    })
  }

  /**
   * What an engine is told once: how draws are applied, and how images are normalised behind them. With {@link drawTable} it makes
   * the generator an option of the trainer's `fit`.
   */
  get augmentation(): Augmentation {
    this.#warnOfMissingFit()
    const { fillMode = 'nearest', cval = 0, brightnessMode = 'smooth' } = this.applyOptions
    const options = this.#standardize
    return {
      fillMode,
      cval,
      brightnessMode,
      shiftsChannels: this.ranges.channelShift !== 0,
      changesBrightness: this.ranges.brightness !== null,
      ...(standardizes(options)
        ? { standardize: (image, shape) => standardizeImage(image, shape, options, this.fitted) }
        : {}),
    }
  }

  /** Draws for so many images, in the order and with the numbers of {@link flow}, as a table [count, 9]: see core's `DRAW_NUMBERS`. */
  drawTable(random: RandomState, count: number, shape: ImageShape): Float64Array {
    const table = new Float64Array(count * DRAW_NUMBERS)
    for (let i = 0; i < count; i++) {
      const draw = drawTransform(random, this.ranges, shape[0], shape[1])
      drawNumbers(draw, shape, table.subarray(i * DRAW_NUMBERS, (i + 1) * DRAW_NUMBERS))
    }
    return table
  }

  #transformed(values: Float32Array, shape: ImageShape, count: number, rounds: number): Float32Array {
    const applier = new DrawApplier(shape, this.applyOptions)
    const output = new Float32Array(rounds * values.length)
    for (let i = 0; i < rounds * count; i++) {
      applier.apply(values, i % count, this.getRandomTransform(shape), output, i)
    }
    return output
  }

  #warnOfMissingFit(): void {
    const { featurewiseCenter, featurewiseStdNormalization, zcaWhitening } = this.#standardize
    const missing = [
      featurewiseCenter && this.fitted.mean === null && 'featurewiseCenter',
      featurewiseStdNormalization && this.fitted.std === null && 'featurewiseStdNormalization',
      zcaWhitening && this.fitted.whitening === null && 'zcaWhitening',
    ].filter((name) => typeof name === 'string')
    if (missing.length === 0) return
    this.#warn(`ImageDataGenerator: ${missing.join(', ')} does nothing before fit(data) was called.`)
  }
}

function checkOneImage(image: ImageValues, shape: ImageShape): void {
  if (countImages(image, shape) === 1) return
  throw new GichoError('bad-shape', `image: expected one of ${shape.join('x')}, got ${image.length} values.`)
}

function unforeseeable(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}
