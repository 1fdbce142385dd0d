import {
  describeNumber,
  formatShape,
  GichoError,
  type ImageDataset,
  type InputTreatment,
  isJsonObject,
  type LossName,
  type Shape,
  sizeOf,
  takesBytes,
  unitRange,
} from '@gicho/core'
import type { TrainableModel } from './model.ts'

/** @throws GichoError `bad-argument` unless `value` is a whole number >= `low` */
export function checkWhole(where: string, name: string, value: number, low: number): void {
  if (Number.isInteger(value) && value >= low) return
  throw new GichoError(
    'bad-argument',
    `${where}: expected ${name} to be a whole number >= ${low}, got ${describeNumber(value)}.`,
  )
}

/**
 * How a model takes its images where nobody says it: bytes / 255 in the shape of its input, and bytes as they are where the model
 * begins with layers that rescale them.
 *
 * @throws GichoError `bad-shape`
 */
export function inputTreatment(where: string, model: TrainableModel): InputTreatment {
  const [shape, ...others] = model.inputs.map((input) => input.shape.slice(1))
  const sizes = shape?.filter((size) => size !== null)
  if (shape && sizes && sizes.length === shape.length && others.length === 0) {
    const topology = model.toJSON(null, false)
    return isJsonObject(topology) && takesBytes(topology) ? { shape: sizes, scale: 1, offset: 0 } : unitRange(sizes)
  }
  const got = model.inputs.map((input) => formatShape(input.shape)).join(', ')
  throw new GichoError(
    'bad-shape',
    `${where}: expected a model with one input of known size, got ${got}. Say with the input option how images are fed.`,
  )
}

/** Tells of a model that rescales bytes itself and is given them divided. */
export function warnOfTwoScales(
  model: TrainableModel,
  { scale }: InputTreatment,
  warn: (message: string) => void,
): void {
  const topology = model.toJSON(null, false)
  if (Math.abs(scale) >= 1 || !isJsonObject(topology) || !takesBytes(topology)) return
  warn(
    `fit: the input option multiplies bytes by ${scale}, and the model begins with a layer that makes them smaller once more. ` +
      'Leave the option out: such a model is given bytes as they are.',
  )
}

/** Checks a dataset against the model before anything is started. @throws GichoError `bad-shape`, `bad-data` */
export function checkData(
  where: string,
  model: TrainableModel,
  data: ImageDataset,
  sample: Shape,
  loss: LossName,
): void {
  if (data.length === 0) throw new GichoError('bad-data', `${where}: the dataset (${data.split}) has no images.`)
  if (sizeOf(data.shape) !== sizeOf(sample)) {
    throw new GichoError(
      'bad-shape',
      `${where}: images of shape ${formatShape(data.shape)} don't fit the model's samples ${formatShape(sample)}.`,
    )
  }
  const classes = labelRange(model, loss)
  const wrong = data.labels.findIndex((label) => label >= classes)
  if (wrong >= 0) {
    throw new GichoError(
      'bad-data',
      `${where}: label ${data.labels[wrong]} of image ${wrong} (${data.split}) is outside the model's ${classes} classes ` +
        `(0..${classes - 1}). Give the last layer more units, or map the labels.`,
    )
  }
}

/**
 * Refuses validation data that means other classes by the same labels, as a second folder of images does that lacks a class of the
 * first. Other words for the classes, and fewer or more of them at the end, are no matter.
 *
 * @throws GichoError `bad-data`
 */
export function checkSameClasses(train: ImageDataset, validation: ImageDataset): void {
  for (const [label, name] of validation.classNames.entries()) {
    const other = train.classNames[label] === name ? -1 : train.classNames.indexOf(name)
    if (other < 0) continue
    throw new GichoError(
      'bad-data',
      `fit: validationData: its label ${label} is ${name}, which is label ${other} of the data that is trained on. ` +
        'Give both the same classNames in the same order, and map the labels to them.',
    )
  }
}

/** @throws GichoError `bad-argument` for a model of which no weight would be trained */
export function checkTrainable(where: string, model: TrainableModel): void {
  if (model.trainableWeights?.length !== 0) return
  throw new GichoError(
    'bad-argument',
    `${where}: every layer of the model is frozen or has no weights, so there is nothing to train. ` +
      'Set trainable to true on the model and on the layers to be trained, or measure it with evaluate.',
  )
}

/** @throws GichoError `bad-argument` unless labels can be smoothed by so much */
export function checkSmoothing(where: string, labelSmoothing: number): void {
  if (typeof labelSmoothing === 'number' && labelSmoothing >= 0 && labelSmoothing < 1) return
  throw new GichoError(
    'bad-argument',
    `${where}: expected labelSmoothing to be a number in [0, 1), got ${describeNumber(labelSmoothing)}.`,
  )
}

/** The number of classes that a model tells apart. */
export function outputClasses(model: TrainableModel): number {
  return model.outputs[0]?.shape.at(-1) ?? 0
}

/** How many labels there may be: one output stands for two classes, or for any number. */
function labelRange(model: TrainableModel, loss: LossName): number {
  const outputs = outputClasses(model)
  if (outputs > 1 || loss === 'categoricalCrossentropy' || loss === 'sparseCategoricalCrossentropy') return outputs
  return loss === 'binaryCrossentropy' ? 2 : Number.POSITIVE_INFINITY
}
