import { checkDataset, checkOptionNames, GichoError, type ImageDataset, RandomState } from '@gicho/core'

/** Options of {@link split}. */
export interface SplitOptions {
  /** Share that is held out, between 0 and 1; the training part has floor(length * (1 - fraction)) images. */
  readonly fraction: number
  /** 0..2^32-1; the same seed gives the same parts. Default 0. */
  readonly seed?: number
  /** Default true: both parts have the same share of every class, as far as whole images allow. */
  readonly stratified?: boolean
}

/** The two parts of a dataset. */
export interface SplitParts {
  readonly train: ImageDataset
  /** Its `split` is `test`, which is what is validated on. */
  readonly validation: ImageDataset
}

/**
 * Splits a dataset at random, in numpy's permutation for the seed: both parts are mixed, which rows that lie sorted by class need
 * (a folder for each class gives such). The parts have memory of their own: as much again as the dataset.
 *
 * @param dataset at least two images
 * @throws GichoError `bad-argument` when the fraction isn't between 0 and 1 or leaves one part empty; what `checkDataset` throws
 *
 * @example
 * const { train, validation } = split(await loadImageFolder('signs'), { fraction: 0.2, seed: 1 })
 * await fit(model, train, { validationData: validation })
 */
export function split(dataset: ImageDataset, options: SplitOptions): SplitParts {
  checkDataset(dataset)
  checkOptionNames('split', options, ['fraction', 'seed', 'stratified'])
  const { fraction, seed = 0, stratified = true } = options
  if (!(fraction > 0 && fraction < 1)) {
    throw new GichoError('bad-argument', `split: expected a fraction between 0 and 1, got ${fraction}.`)
  }
  const { length } = dataset
  const kept = Math.floor(length * (1 - fraction))
  if (kept === 0 || kept === length) {
    throw new GichoError(
      'bad-argument',
      `split: expected both parts to have images, got ${kept} and ${length - kept} of ${length} for the fraction ${fraction}. ` +
        'Give more images or another fraction.',
    )
  }
  const order = new RandomState(seed).permutation(length)
  const isHeld = stratified ? lastOfEachClass(dataset, order, length - kept) : lastRows(order, kept)
  return {
    train: take(
      dataset,
      order.filter((row) => !isHeld[row]),
    ),
    validation: {
      ...take(
        dataset,
        order.filter((row) => isHeld[row]),
      ),
      split: 'test',
    },
  }
}

/** For each row whether it is held out: 1 for those behind the first `kept` of an order. */
function lastRows(order: Uint32Array, kept: number): Uint8Array {
  const held = new Uint8Array(order.length)
  for (const row of order.subarray(kept)) held[row] = 1
  return held
}

/** The same for the last rows of each class; `count` rows altogether, shared out by the largest remainder. */
function lastOfEachClass({ labels, classNames }: ImageDataset, order: Uint32Array, count: number): Uint8Array {
  const rows = classNames.map((_, label) => order.filter((row) => labels[row] === label))
  const exact = rows.map((own) => (own.length * count) / order.length)
  const shares = exact.map(Math.floor)
  const byRemainder = exact
    .map((share, label) => ({ label, rest: share - Math.floor(share) }))
    .sort((a, b) => b.rest - a.rest || a.label - b.label)
  const missing = count - shares.reduce((total, share) => total + share, 0)
  for (const { label } of byRemainder.slice(0, missing)) shares[label] = (shares[label] ?? 0) + 1
  const held = new Uint8Array(order.length)
  rows.forEach((own, label) => {
    for (const row of own.subarray(own.length - (shares[label] ?? 0))) held[row] = 1
  })
  return held
}

/** Rows of a dataset in an order, copied. */
function take(dataset: ImageDataset, rows: Uint32Array): ImageDataset {
  const size = dataset.images.length / dataset.length
  const images = new Uint8Array(rows.length * size)
  rows.forEach((row, i) => {
    images.set(dataset.images.subarray(row * size, (row + 1) * size), i * size)
  })
  const labels = dataset.labels.slice(0, rows.length)
  rows.forEach((row, i) => {
    labels[i] = dataset.labels[row] ?? 0
  })
  return { ...dataset, images, labels, length: rows.length }
}
