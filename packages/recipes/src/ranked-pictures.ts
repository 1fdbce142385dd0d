import { formatShape, GichoError, type ImageShape, type Picture, type Shape } from '@gicho/core'
import type { SavedModel } from '@gicho/models'

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

/** @throws GichoError `bad-argument` for what is no number of classes */
export function checkTop(top: number): void {
  if (Number.isInteger(top) && top >= 1) return
  throw new GichoError('bad-argument', `top: expected a whole number >= 1, got ${top}.`)
}

/** @throws GichoError `bad-shape` for a picture that was made for another model */
export function checkPicture({ pixels, title }: Picture, size: number): void {
  if (pixels.length === size) return
  const got = `${pixels.length} in "${title}"`
  throw new GichoError('bad-shape', `predictPictures: expected ${size} bytes a picture, got ${got}. Use seenBy.`)
}

/** Each picture's row of probabilities as a ranking. */
export function rankRows(
  { classNames }: SavedModel,
  pictures: readonly Picture[],
  rows: Float32Array,
  top: number,
): Prediction[] {
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

/** A program in JavaScript may pass a plain tfjs model. @throws GichoError `bad-argument` for one without class names */
export function checkSaved(saved: Partial<SavedModel>): void {
  if (saved.model !== undefined && saved.input !== undefined && (saved.classNames?.length ?? 0) > 0) return
  throw new GichoError(
    'bad-argument',
    'predictImage: expected a saved model with class names and input treatment, got one without. ' +
      'Save it with saveModel, naming both, and pass what loadModel gives.',
  )
}

/** Height, width and channels of a model's input: a row of pixels is taken for a square grey image, as in the lessons. */
export function imageShape(shape: Shape): ImageShape {
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
