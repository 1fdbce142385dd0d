import { GichoError, type ImageDataset } from '@gicho/core'

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
  if (!(fraction >= 0 && fraction < 1)) {
    throw new GichoError('bad-argument', `fit: expected validationSplit to be in [0, 1), got ${fraction}.`)
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

function rows(data: ImageDataset, from: number, to: number): ImageDataset {
  const size = data.images.length / data.length
  return {
    ...data,
    images: data.images.subarray(from * size, to * size),
    labels: data.labels.subarray(from, to),
    length: to - from,
  }
}
