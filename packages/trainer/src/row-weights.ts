import { describeNumber, describeValue, GichoError, type ImageDataset } from '@gicho/core'

/** The two ways to weight the loss. */
export interface Weighting {
  readonly classWeight?: Readonly<Record<number, number>> | 'balanced'
  readonly sampleWeight?: Float32Array
}

/**
 * A weight for each row of a dataset, undefined when nothing is weighted.
 *
 * @throws GichoError `bad-argument` when both ways are used (Keras refuses it too) or a weight is negative or not finite,
 * `bad-shape` when there isn't one for each image
 */
export function rowWeights(data: ImageDataset, { classWeight, sampleWeight }: Weighting): Float32Array | undefined {
  if (classWeight !== undefined && sampleWeight !== undefined) {
    throw new GichoError(
      'bad-argument',
      'fit: classWeight and sampleWeight were both given. Multiply them into sampleWeight.',
    )
  }
  if (sampleWeight !== undefined) {
    if (sampleWeight.length !== data.length) {
      throw new GichoError(
        'bad-shape',
        `fit: expected sampleWeight to have one number for each of ${data.length} images, got ${sampleWeight.length}.`,
      )
    }
    checkWeights('sampleWeight', sampleWeight)
    return Float32Array.from(sampleWeight)
  }
  if (classWeight === undefined) return undefined
  if (classWeight === 'balanced') return balanced(data)
  if (typeof classWeight !== 'object' || classWeight === null || classWeight instanceof Map) {
    throw new GichoError(
      'bad-argument',
      `fit: expected classWeight to be an object of weights by label, { 0: 1, 1: 2.5 }, or 'balanced', got ${describeValue(classWeight)}.`,
    )
  }
  const classes = data.classNames.length
  const unknown = Object.keys(classWeight).find((label) => !isLabel(label, classes))
  if (unknown !== undefined) {
    throw new GichoError(
      'bad-argument',
      `fit: expected classWeight for labels 0..${classes - 1}, got one for ${unknown}.`,
    )
  }
  checkWeights('classWeight', Object.values(classWeight))
  return Float32Array.from(data.labels, (label) => classWeight[label] ?? 1)
}

/** True for what a label is as the key of an object: '0' and '12', but neither '0.5' nor '-1'. */
function isLabel(key: string, classes: number): boolean {
  return /^(0|[1-9]\d*)$/.test(key) && Number(key) < classes
}

/** scikit-learn's `compute_class_weight('balanced')`: classes that have no image count for nothing. */
function balanced({ labels, length }: ImageDataset): Float32Array {
  const counts = new Map<number, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return Float32Array.from(labels, (label) => length / (counts.size * (counts.get(label) ?? 1)))
}

function checkWeights(name: string, weights: ArrayLike<number>): void {
  const bad = Array.from(weights).find((weight) => !(Number.isFinite(weight) && weight >= 0))
  if (bad !== undefined) {
    throw new GichoError(
      'bad-argument',
      `fit: expected ${name} to hold finite numbers >= 0, got ${describeNumber(bad)}.`,
    )
  }
}
