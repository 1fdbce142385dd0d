import { checkOptionNames, type ImageDataset } from '@gicho/core'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof DescribeOptions, true>> = { other: true }

/** One class of a dataset. */
export interface ClassCount {
  readonly label: number
  readonly name: string
  readonly count: number
}

/** A dataset in numbers: see {@link describeDataset}. */
export interface DatasetDescription {
  /** [length, height, width, channels] */
  readonly imagesShape: readonly [number, number, number, number]
  readonly imagesType: 'uint8'
  /** Smallest and largest byte of all images; 0 and 0 without images. */
  readonly imagesRange: readonly [min: number, max: number]
  readonly labelsType: 'uint8' | 'uint16'
  readonly labelsRange: readonly [min: number, max: number]
  /** Every class, by label, those without images too. */
  readonly classes: readonly ClassCount[]
  /** [height, width, channels], each the mean over all images, 0..255. */
  readonly meanImage: Float32Array
  readonly duplicates: DuplicateCount
}

/** How often the same image comes more than once, compared byte by byte. */
export interface DuplicateCount {
  /** Images that an earlier image of the dataset equals. */
  readonly images: number
  /** Of those, the ones that the earlier image labels otherwise. */
  readonly otherLabel: number
  /** Images that the other split has too; absent where none was given. */
  readonly inOther?: number
}

/** What {@link describeDataset} can compare with. */
export interface DescribeOptions {
  /** Another split of the same image size: images in both would make its accuracy look better than it is. */
  readonly other?: ImageDataset | undefined
}

/**
 * Says what a dataset holds: shapes, types, ranges, counts per class, the mean image, and exact duplicates.
 *
 * @example
 * const { classes, duplicates } = describeDataset(train, { other: test })
 * classes[0] // { label: 0, name: 'a', count: 1126 }
 */
export function describeDataset(data: ImageDataset, options: DescribeOptions = {}): DatasetDescription {
  checkOptionNames('describeDataset', options, NAMES)
  return {
    imagesShape: [data.length, ...data.shape],
    imagesType: 'uint8',
    imagesRange: rangeOf(data.images),
    labelsType: data.labels instanceof Uint16Array ? 'uint16' : 'uint8',
    labelsRange: rangeOf(data.labels),
    classes: countClasses(data),
    meanImage: meanImage(data),
    duplicates: countDuplicates(data, options.other),
  }
}

function rangeOf(values: Uint8Array | Uint16Array): readonly [number, number] {
  let min = values[0] ?? 0
  let max = min
  // By index: iterators take several times as long over millions of bytes.
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    if (value < min) min = value
    if (value > max) max = value
  }
  return [min, max]
}

function countClasses({ classNames, labels }: ImageDataset): readonly ClassCount[] {
  const counts = new Uint32Array(classNames.length)
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1
  return classNames.map((name, label) => ({ label, name, count: counts[label] ?? 0 }))
}

function meanImage({ images, length, shape }: ImageDataset): Float32Array {
  const size = shape[0] * shape[1] * shape[2]
  const sums = new Float64Array(size) // whole numbers up to 2^53: exact
  for (let start = 0; start < images.length; start += size) {
    for (let i = 0; i < size; i++) sums[i] = (sums[i] ?? 0) + (images[start + i] ?? 0)
  }
  return Float32Array.from(sums, (sum) => sum / Math.max(1, length))
}

function countDuplicates(data: ImageDataset, other: ImageDataset | undefined): DuplicateCount {
  const seen = new ImageIndex()
  let images = 0
  let otherLabel = 0
  for (let i = 0; i < data.length; i++) {
    const before = seen.add(data, i)
    if (before === undefined) continue
    images++
    if (data.labels[before] !== data.labels[i]) otherLabel++
  }
  if (!other) return { images, otherLabel }
  let inOther = 0
  const there = new ImageIndex()
  for (let i = 0; i < other.length; i++) there.add(other, i)
  for (let i = 0; i < data.length; i++) if (there.find(imageOf(data, i)) !== undefined) inOther++
  return { images, otherLabel, inOther }
}

/** Different images by a hash of their bytes; images of one hash are compared byte by byte. */
class ImageIndex {
  readonly #byHash = new Map<number, { readonly image: Uint8Array; readonly index: number }[]>()

  /** @returns the index of an equal image that is there already */
  add(data: ImageDataset, index: number): number | undefined {
    const image = imageOf(data, index)
    const hash = hashOf(image)
    const same = this.#byHash.get(hash) ?? []
    const before = same.find((entry) => equal(entry.image, image))
    if (before) return before.index
    same.push({ image, index })
    this.#byHash.set(hash, same)
    return undefined
  }

  find(image: Uint8Array): number | undefined {
    return this.#byHash.get(hashOf(image))?.find((entry) => equal(entry.image, image))?.index
  }
}

function imageOf({ images, shape }: ImageDataset, index: number): Uint8Array {
  const size = shape[0] * shape[1] * shape[2]
  return images.subarray(index * size, (index + 1) * size)
}

/** FNV-1a, 32 bits. */
function hashOf(image: Uint8Array): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < image.length; i++) hash = Math.imul(hash ^ (image[i] ?? 0), 0x01000193)
  return hash
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
