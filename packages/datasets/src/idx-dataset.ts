import { checkDataset, checkOptionNames, type ImageDataset, type Split } from '@gicho/core'
import type { IdxImages } from './idx.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof IdxDatasetOptions, true>> = { classNames: true, split: true, source: true }

/** What a pair of IDX files doesn't say about itself. */
export interface IdxDatasetOptions {
  /** The name of each class, by label. */
  readonly classNames: readonly string[]
  readonly split: Split
  /** Where the data came from, for people. */
  readonly source: string
}

/**
 * Joins the images and labels of two IDX files into a dataset with one channel; nothing is copied.
 *
 * @throws GichoError `bad-shape` when there aren't as many labels as images, `bad-data` for a label outside the classes
 *
 * @example
 * const images = await parseIdxImages(imageBytes, 'images')
 * const labels = await parseIdxLabels(labelBytes, 'labels')
 * idxDataset(images, labels, { classNames: ['shirt', 'shoe'], split: 'train', source: 'my own photos' })
 */
export function idxDataset(images: IdxImages, labels: Uint8Array, options: IdxDatasetOptions): ImageDataset {
  checkOptionNames('idxDataset', options, NAMES)
  const data: ImageDataset = {
    images: images.images,
    labels,
    length: images.length,
    shape: [images.height, images.width, 1],
    classNames: options.classNames,
    split: options.split,
    source: options.source,
  }
  checkDataset(data)
  return data
}
