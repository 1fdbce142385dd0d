import { type Engine, formatShape, GichoError, type ImageShape, type Picture, type Shape } from '@gicho/core'
import type { SavedModel } from '@gicho/models'
import { type DecodedImage, decodeImage, imageToInput, turnUpright } from '@gicho/preprocess'
import { predict } from '@gicho/trainer'

/** A class and how sure a model is of it, 0..1. */
export interface RankedClass {
  readonly label: string
  readonly probability: number
}

/** What a model says about an image: its most probable class, the runners-up, and what it saw. */
export interface Prediction extends RankedClass {
  /** The most probable classes, best first; `label` and `probability` are those of the first. */
  readonly top: readonly RankedClass[]
  /** The image as the network saw it. */
  readonly seen: Picture
}

/**
 * What is done about a photo that lies on its side: `from-image` turns it as its Exif says, `none` leaves the pixels as they are
 * stored, as Keras' `load_img` does. The words are those of `createImageBitmap`.
 */
export type ImageOrientation = 'from-image' | 'none'

/** Options of {@link predictImage}. */
export interface PredictImageOptions {
  /** Default the eager engine of `@gicho/engine/tfjs`. */
  readonly engine?: Engine
  /** How many classes are ranked; default 3. */
  readonly top?: number
  /** Default `from-image`: a photo is turned by its Exif orientation. */
  readonly imageOrientation?: ImageOrientation
}

/**
 * Says what is in an image. The class names and the treatment of the input come from inside the saved model, so that
 * they are those that it was trained with: the image is turned upright by its Exif orientation, becomes grey where the network takes
 * one channel, is brought to its size by nearest neighbour, and its bytes are scaled as in training.
 *
 * @param saved what `loadModel` gives
 * @param image the bytes of a PNG, JPEG or WebP file, or what `decodeImage` gave
 * @throws GichoError what `decodeImage` throws; `bad-argument` for a model without class names or of no image's shape,
 *   and for a `top` below 1; `not-finite` when the model gives no numbers; `unsupported`, `unavailable` from the engine
 *
 * @example
 * const { label, probability } = await predictImage(await loadModel('asl_model'), await readFile('hand.jpg'))
 */
export async function predictImage(
  saved: SavedModel,
  image: Uint8Array | DecodedImage,
  options: PredictImageOptions = {},
): Promise<Prediction> {
  const seen = await seenBy(saved, image, 'image', options)
  const [prediction] = await predictPictures(saved, [seen], options)
  if (prediction === undefined) throw new GichoError('engine-failed', 'predictImage: the engine gave no prediction.')
  return prediction
}

/**
 * An image as a model's network sees it: what {@link predictPictures} takes.
 *
 * @param title names the image, in the picture and in error messages
 * @throws GichoError as {@link predictImage}
 */
export async function seenBy(
  saved: SavedModel,
  image: Uint8Array | DecodedImage,
  title = 'image',
  { imageOrientation = 'from-image' }: Pick<PredictImageOptions, 'imageOrientation'> = {},
): Promise<Picture> {
  checkSaved(saved)
  const shape = imageShape(saved.input.shape)
  const decoded = image instanceof Uint8Array ? await decodeImage(image, title) : image
  const upright = imageOrientation === 'none' ? decoded : turnUpright(decoded)
  return { title, pixels: imageToInput(upright, shape), shape }
}

/**
 * What a model says about several pictures that {@link seenBy} made for it; the engine is opened only once.
 *
 * @returns one prediction a picture, in their order
 * @throws GichoError as {@link predictImage}; `bad-shape` for a picture that was made for another model
 */
export async function predictPictures(
  saved: SavedModel,
  pictures: readonly Picture[],
  { engine, top = 3 }: PredictImageOptions = {},
): Promise<Prediction[]> {
  checkSaved(saved)
  if (!Number.isInteger(top) || top < 1) {
    throw new GichoError('bad-argument', `top: expected a whole number >= 1, got ${top}.`)
  }
  const { model, classNames, input } = saved
  const size = imageShape(input.shape).reduce((product, side) => product * side, 1)
  const images = new Uint8Array(pictures.length * size)
  for (const [i, picture] of pictures.entries()) {
    if (picture.pixels.length !== size) {
      const got = `${picture.pixels.length} in "${picture.title}"`
      throw new GichoError('bad-shape', `predictPictures: expected ${size} bytes a picture, got ${got}. Use seenBy.`)
    }
    images.set(picture.pixels, i * size)
  }
  const rows = await predict(model, images, { input, ...(engine === undefined ? {} : { engine }) })
  const classes = classNames.length
  if (rows.length !== pictures.length * classes) {
    throw new GichoError(
      'bad-shape',
      `predictPictures: expected ${classes} outputs, one for each class name, got ${rows.length / pictures.length}.`,
    )
  }
  return pictures.map((seen, i) => {
    const ranked = rank(rows.subarray(i * classes, (i + 1) * classes), classNames)
    const [best] = ranked
    if (best === undefined || !ranked.every(({ probability }) => Number.isFinite(probability))) {
      throw new GichoError(
        'not-finite',
        `${seen.title}: expected ${classes} probabilities from the model, got values that are no numbers. Its weights are damaged: train it again.`,
      )
    }
    return { ...best, top: ranked.slice(0, top), seen }
  })
}

function rank(probabilities: Float32Array, classNames: readonly string[]): RankedClass[] {
  return classNames
    .map((label, i) => ({ label, probability: probabilities[i] ?? Number.NaN }))
    .sort((a, b) => b.probability - a.probability)
}

/** A program in JavaScript may pass a plain tfjs model. */
function checkSaved(saved: Partial<SavedModel>): void {
  if (saved.model !== undefined && saved.input !== undefined && (saved.classNames?.length ?? 0) > 0) return
  throw new GichoError(
    'bad-argument',
    'predictImage: expected a saved model with class names and input treatment, got one without. ' +
      'Save it with saveModel, naming both, and pass what loadModel gives.',
  )
}

/** Height, width and channels of a model's input: a row of pixels is taken for a square grey image, as in the lessons. */
function imageShape(shape: Shape): ImageShape {
  const [height = 0, width = height, channels = 1] = shape
  if (shape.length === 3 || shape.length === 2) return [height, width, channels]
  const side = Math.sqrt(height)
  if (shape.length === 1 && Number.isInteger(side)) return [side, side, 1]
  throw new GichoError(
    'bad-argument',
    `predictImage: expected a model that takes images, (height, width, channels) or the pixels of a square grey one in a row, ` +
      `got one that takes ${formatShape(shape)}. Bring the image to its input yourself and use predict of @gicho/trainer.`,
  )
}
