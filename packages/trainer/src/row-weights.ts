import { GichoError, type ImageDataset } from '@gicho/core'

/** The two ways to weight the loss. */
export interface Weighting {
  readonly classWeight?: Readonly<Record<number, number>>
  readonly sampleWeight?: Float32Array
}

/**
 * A weight for each row of a dataset, undefined when nothing is weighted.
 *
 * @throws GichoError `bad-argument` when both ways are used (Keras refuses it too) or a weight is negative or not finite,
 * `bad-shape` when there isn't one for each image
 */
export function rowWeights(data: ImageDataset, { classWeight, sampleWeight }: Weighting): Float32Array | undefined {
  if (classWeight && sampleWeight) {
    throw new GichoError(
      'bad-argument',
      'fit: classWeight and sampleWeight were both given. Multiply them into sampleWeight.',
    )
  }
  if (sampleWeight) {
    if (sampleWeight.length !== data.length) {
      throw new GichoError(
        'bad-shape',
        `fit: expected sampleWeight to have one number for each of ${data.length} images, got ${sampleWeight.length}.`,
      )
    }
    checkWeights('sampleWeight', sampleWeight)
    return sampleWeight
  }
  if (!classWeight) return undefined
  const classes = data.classNames.length
  const unknown = Object.keys(classWeight).find((label) => !(Number(label) < classes))
  if (unknown !== undefined) {
    throw new GichoError(
      'bad-argument',
      `fit: expected classWeight for labels 0..${classes - 1}, got one for ${unknown}.`,
    )
  }
  checkWeights('classWeight', Object.values(classWeight))
  return Float32Array.from(data.labels, (label) => classWeight[label] ?? 1)
}

function checkWeights(name: string, weights: ArrayLike<number>): void {
  const bad = Array.from(weights).find((weight) => !(Number.isFinite(weight) && weight >= 0))
  if (bad !== undefined) {
    throw new GichoError('bad-argument', `fit: expected ${name} to hold finite numbers >= 0, got ${bad}.`)
  }
}
