import {
  checkDataset,
  formatShape,
  GichoError,
  type ImageShape,
  sameShape,
  sizeOf,
  type TrainingData,
  type TrainingJob,
} from '@gicho/core'

/** Checks the numbers of a job. @throws GichoError `bad-argument` */
export function checkJob({ batchSize, seed }: TrainingJob): void {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new GichoError('bad-argument', `batchSize: expected a whole number >= 1, got ${batchSize}.`)
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new GichoError('bad-argument', `seed: expected a whole number from 0 to 4294967295, got ${seed}.`)
  }
}

/**
 * Checks that the job's samples have the shape that the model takes.
 *
 * @param expected sizes of one sample, null for any @throws GichoError `bad-shape`
 */
export function checkInput({ input }: TrainingJob, expected: readonly (number | null)[]): void {
  const known = expected.map((size, axis) => size ?? input.shape[axis] ?? 0)
  if (sameShape(known, input.shape)) return
  throw new GichoError(
    'bad-shape',
    `input: samples of shape ${formatShape(input.shape)} don't fit the model's input ${formatShape([null, ...expected])}. ` +
      "Set the job's input shape to it.",
  )
}

/**
 * Checks that the images of both splits have the size, and their labels the range, that a model of so many outputs takes.
 *
 * @throws GichoError `bad-shape`, `bad-data`, `bad-argument`
 */
export function checkFit(data: TrainingData, job: TrainingJob, outputs: number): void {
  const classes = labelRange(job, outputs)
  for (const set of [data.train, ...(data.validation ? [data.validation] : [])]) {
    checkDataset(set)
    if (sizeOf(set.shape) !== sizeOf(job.input.shape)) {
      throw new GichoError(
        'bad-shape',
        `dataset (${set.split}): its images ${formatShape(set.shape)} don't fit the model's samples ${formatShape(job.input.shape)}.`,
      )
    }
    const wrong = set.labels.findIndex((label) => label >= classes)
    if (wrong >= 0) {
      throw new GichoError(
        'bad-data',
        `dataset (${set.split}): label ${set.labels[wrong]} of image ${wrong} is outside the model's ${classes} outputs ` +
          `(0..${classes - 1}). Give the last layer more units, or map the labels.`,
      )
    }
  }
}

/**
 * Checks that a job that augments takes its images in their own shape, or as rows of values.
 *
 * @throws GichoError `bad-shape`
 */
export function checkDrawnShape({ augment, input }: TrainingJob, image: ImageShape): void {
  if (!augment || input.shape.length === 1 || sameShape(input.shape, image)) return
  throw new GichoError(
    'bad-shape',
    `augment: images of shape ${formatShape(image)} are transformed in that shape, got a model that takes ${formatShape(input.shape)}. ` +
      'Give the model an input of that shape, or a flat one.',
  )
}

/** How many labels there may be: one output stands for two classes, or for any number. */
function labelRange({ loss }: TrainingJob, outputs: number): number {
  if (outputs > 1 || loss === 'categoricalCrossentropy' || loss === 'sparseCategoricalCrossentropy') return outputs
  return loss === 'binaryCrossentropy' ? 2 : Number.POSITIVE_INFINITY
}
