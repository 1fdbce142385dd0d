import { type Engine, GichoError, type Picture, sizeOf } from '@gicho/core'
import type { SavedModel } from '@gicho/models'
import { type DecodedImage, decodeImage, imageToInput, turnUpright } from '@gicho/preprocess'
import { predict } from '@gicho/trainer'
import { checkPicture, checkSaved, checkTop, imageShape, type Prediction, rankRows } from './ranked-pictures.ts'

export type { Prediction, RankedClass } from './ranked-pictures.ts'

/**
 * What is done about a photo that lies on its side: `from-image` turns it as its Exif says, `none` leaves the pixels as they are
 * stored, as Keras' `load_img` does. The words are those of `createImageBitmap`.
 */
export type ImageOrientation = 'from-image' | 'none'

/** Options of {@link predictImage}. */
export interface PredictImageOptions {
  /** Default the compiled engine on the CPU; for a model that it can't run, the eager one, with a warning. */
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
  checkTop(top)
  const { model, input } = saved
  const size = sizeOf(imageShape(input.shape))
  const images = new Uint8Array(pictures.length * size)
  for (const [i, picture] of pictures.entries()) {
    checkPicture(picture, size)
    images.set(picture.pixels, i * size)
  }
  const rows = await predict(model, images, { input, ...(engine === undefined ? {} : { engine }) })
  return rankRows(saved, pictures, rows, top)
}
