import { describeNumber, GichoError, type ImageDataset } from '@gicho/core'

/**
 * Holds out the last part of a dataset, as Keras' `validation_split` does; both parts share its memory.
 *
 * @param fraction 0 (nothing held out) or above, below 1
 * @throws GichoError `bad-argument` when it is outside that, or leaves one part empty
 */
export function splitOff(
  data: ImageDataset,
  fraction: number,
): [train: ImageDataset, validation: ImageDataset | undefined] {
  if (!(typeof fraction === 'number' && fraction >= 0 && fraction < 1)) {
    const got = describeNumber(fraction)
    throw new GichoError('bad-argument', `fit: expected validationSplit to be in [0, 1), got ${got}.`)
  }
  if (fraction === 0) return [data, undefined]
  const kept = Math.floor(data.length * (1 - fraction))
  if (kept === 0 || kept === data.length) {
    throw new GichoError(
      'bad-argument',
      `fit: validationSplit ${fraction} of ${data.length} images leaves ${kept} to train on. Give both parts some.`,
    )
  }
  return [rows(data, 0, kept), rows(data, kept, data.length)]
}

/**
 * What is wrong with a held-out part of data that lies class behind class, as folders of images give it: nothing that was trained on
 * is validated. Undefined for a part that shows every class which it should.
 */
export function describeLostClasses(train: ImageDataset, heldOut: ImageDataset): string | undefined {
  const classes = train.classNames.length
  const [seen, held] = [countLabels(train.labels, classes), countLabels(heldOut.labels, classes)]
  const fraction = heldOut.length / (train.length + heldOut.length)
  // Of a class with so many images, a part drawn by chance shows none once in a thousand times.
  const missing = (count: number, other: number, share: number): boolean => other === 0 && count * share > 7
  const names = (isLost: (label: number) => boolean): string =>
    train.classNames
      .filter((_, label) => isLost(label))
      .slice(0, 3)
      .join(', ')
  const unseen = names((label) => (held[label] ?? 0) > 0 && seen[label] === 0)
  const untried = names((label) => missing(seen[label] ?? 0, held[label] ?? 0, fraction / (1 - fraction)))
  if (untried === '' && !(unseen !== '' && isGrouped(train.labels, heldOut.labels))) return undefined
  const parts = [untried && `it has no image of ${untried}`, unseen && `${unseen} is in no image that is trained on`]
  return (
    `fit: validationSplit holds out the last ${heldOut.length} of ${train.length + heldOut.length} images, which lie sorted by class: ` +
    `${parts.filter((part) => part).join(', and ')}. Mix them before: ` +
    'const { train, validation } = split(data, { fraction, seed: 1 }) of @gicho/preprocess, with the option validationData.'
  )
}

function countLabels(labels: ArrayLike<number>, classes: number): Uint32Array {
  const counts = new Uint32Array(classes)
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? 0
    counts[label] = (counts[label] ?? 0) + 1
  }
  return counts
}

/** True where equal labels follow one another, each class in one stretch, with more than two images a class. */
function isGrouped(...parts: readonly ArrayLike<number>[]): boolean {
  const labels = parts.flatMap((part) => Array.from(part))
  const classes = new Set(labels).size
  const changes = labels.filter((label, row) => row > 0 && label !== labels[row - 1]).length
  return changes === classes - 1 && labels.length > 2 * classes
}

function rows(data: ImageDataset, from: number, to: number): ImageDataset {
  const size = data.images.length / data.length
  return {
    ...data,
    images: data.images.subarray(from * size, to * size),
    labels: data.labels.subarray(from, to),
    length: to - from,
  }
}
