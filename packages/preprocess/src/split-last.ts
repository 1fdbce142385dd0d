import { GichoError, type ImageDataset } from '@gicho/core'

/**
 * Splits a dataset as Keras' `validation_split` does: the last part, unshuffled, is for validation.
 *
 * Both parts share the dataset's memory; the second one's `split` is `test`, which is what is validated on.
 *
 * @param dataset at least two images
 * @param fraction share that is held out, between 0 and 1; the training part has floor(length * (1 - fraction)) images
 * @throws GichoError `bad-argument` when the fraction isn't between 0 and 1 or leaves one part empty
 *
 * @example
 * const [train, validation] = splitLast(data, 0.2)
 */
export function splitLast(dataset: ImageDataset, fraction: number): [train: ImageDataset, validation: ImageDataset] {
  if (!(fraction > 0 && fraction < 1)) {
    throw new GichoError('bad-argument', `splitLast: expected a fraction between 0 and 1, got ${fraction}.`)
  }
  const at = Math.floor(dataset.length * (1 - fraction))
  if (at === 0 || at === dataset.length) {
    throw new GichoError(
      'bad-argument',
      `splitLast: expected both parts to have images, got ${at} and ${dataset.length - at} of ${dataset.length} ` +
        `for the fraction ${fraction}. Give more images or another fraction.`,
    )
  }
  return [part(dataset, 0, at), { ...part(dataset, at, dataset.length), split: 'test' }]
}

function part(dataset: ImageDataset, start: number, end: number): ImageDataset {
  const [height, width, channels] = dataset.shape
  const size = height * width * channels
  return {
    ...dataset,
    images: dataset.images.subarray(start * size, end * size),
    labels: dataset.labels.subarray(start, end),
    length: end - start,
  }
}
