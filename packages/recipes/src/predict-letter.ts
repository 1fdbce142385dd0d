import { GichoError } from '@gicho/core'
import type { SavedModel } from '@gicho/models'
import type { DecodedImage } from '@gicho/preprocess'
import { type PredictImageOptions, predictImage } from './predict-image.ts'

/** Options of {@link predictLetter}. */
export interface PredictLetterOptions extends Pick<PredictImageOptions, 'engine' | 'imageOrientation'> {
  /** A model whose classes are letters, as `loadModel` gives it. */
  readonly model: SavedModel
}

/**
 * The letter that a photo of a hand shows: `predictImage` for a model of letters, cut down to its answer. The letters
 * come from the model; those of the sign-language lessons are a to y without j, which like z takes a movement.
 *
 * @param image the bytes of a PNG, JPEG or WebP file, or what `decodeImage` gave
 * @throws GichoError `bad-argument` for a model whose classes aren't letters; also what `predictImage` throws
 *
 * @example
 * const model = await loadModel('asl_model')
 * await predictLetter(await readFile('hand.jpg'), { model }) // 'b'
 */
export async function predictLetter(
  image: Uint8Array | DecodedImage,
  { model, ...options }: PredictLetterOptions,
): Promise<string> {
  const other = model.classNames?.find((name) => !/^\p{Letter}$/u.test(name))
  if (other !== undefined) {
    throw new GichoError(
      'bad-argument',
      `predictLetter: expected a model whose classes are single letters, got one with the class "${other}". Use predictImage.`,
    )
  }
  const { label } = await predictImage(model, image, options)
  return label
}
