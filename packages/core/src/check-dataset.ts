import type { ImageDataset } from './dataset.ts'
import { describeValue, isBytes, typedArrayName } from './describe-value.ts'
import { GichoError } from './errors.ts'

/**
 * Checks that a dataset is one, and whole: bytes for images, whole numbers for labels, as many of each as it says.
 *
 * @throws GichoError `bad-argument` for something that is no dataset, `bad-data` for arrays of another type and for a label outside
 * the classes, `bad-shape` when the arrays' lengths don't fit
 */
export function checkDataset(data: ImageDataset): void {
  checkFields(data)
  checkImages(`dataset (${data.split}): images`, data.images)
  checkLabels(data)
  const [h, w, c] = data.shape
  if (data.images.length !== data.length * h * w * c || data.labels.length !== data.length) {
    throw new GichoError(
      'bad-shape',
      `dataset (${data.split}): expected ${data.length} images of ${h}x${w}x${c} and as many labels, ` +
        `got ${data.images.length} pixels and ${data.labels.length} labels.`,
    )
  }
  const classes = data.classNames.length
  const wrong = data.labels.findIndex((label) => label >= classes)
  if (wrong >= 0) {
    throw new GichoError(
      'bad-data',
      `dataset (${data.split}): label ${data.labels[wrong]} of image ${wrong} is outside the ${classes} classes ` +
        `(0..${classes - 1}). Map the labels to 0..${classes - 1}, or name more classes.`,
    )
  }
}

/** Refuses images that are no bytes; `what` names them. @throws GichoError `bad-data` */
export function checkImages(what: string, images: unknown): asserts images is Uint8Array {
  if (isBytes(images)) return
  const type = typedArrayName(images)
  const help =
    type === 'Uint8ClampedArray'
      ? 'Pass new Uint8Array(images.buffer, images.byteOffset, images.length).'
      : type?.startsWith('Float')
        ? 'Float images are not taken: turn values in 0..1 back into bytes with ' +
          'Uint8Array.from(images, (value) => Math.round(value * 255)). They are divided by 255 on the way into the model.'
        : Array.isArray(images) && !images.some((each) => typeof each === 'object')
          ? 'Pass Uint8Array.from(images).'
          : 'Images follow one another in one array, row by row, with their channels last.'
  throw new GichoError(
    'bad-data',
    `${what}: expected bytes 0..255 in a Uint8Array, got ${describeValue(images)}. ${help}`,
  )
}

/** Refuses what doesn't hold a file's bytes; `what` names it. @throws GichoError `bad-argument` */
export function checkBytes(what: string, bytes: unknown): asserts bytes is Uint8Array {
  if (isBytes(bytes)) return
  const help =
    bytes instanceof ArrayBuffer
      ? ' Pass new Uint8Array(buffer).'
      : typeof bytes === 'string'
        ? ' Read the file before: await readFile(path) in Node.'
        : typeof Blob === 'function' && bytes instanceof Blob
          ? ' Pass new Uint8Array(await file.arrayBuffer()).'
          : ''
  throw new GichoError(
    'bad-argument',
    `${what}: expected the bytes of a file in a Uint8Array, got ${describeValue(bytes)}.${help}`,
  )
}

function checkLabels({ labels, split, length, classNames }: ImageDataset): void {
  const type = typedArrayName(labels)
  if (type === 'Uint8Array' || type === 'Uint16Array') return
  const message = `dataset (${split}): labels: expected whole numbers in a Uint8Array or Uint16Array, got ${describeValue(labels)}`
  throw new GichoError('bad-data', `${message}. ${labelHelp(labels, length * classNames.length)}`)
}

function labelHelp(labels: object, oneHotLength: number): string {
  const values: unknown[] = Array.isArray(labels) || typedArrayName(labels) ? Object.values(labels) : []
  if (values.length === 0) return 'Give each image the number of its class.'
  const place = values.findIndex((value) => !Number.isInteger(Number(value)) || Number(value) < 0)
  if (place >= 0) {
    const value = shown(values[place])
    return `Number ${place} is ${value}: a label is the number of a class, 0 or above.`
  }
  if (values.length === oneHotLength && values.every((value) => value === 0 || value === 1)) {
    return 'They look like one-hot rows: pass the number of the class of each image instead.'
  }
  return 'Pass Uint16Array.from(labels).'
}

/** What of a dataset is no array of pixels or labels. */
function checkFields(data: Partial<Record<keyof ImageDataset, unknown>>): void {
  const bad = (detail: string): GichoError =>
    new GichoError(
      'bad-argument',
      `dataset: expected an ImageDataset { images, labels, length, shape, classNames, split, source }, got ${detail}.`,
    )
  if (typeof data !== 'object' || data === null || !('images' in data && 'labels' in data))
    throw bad(describeValue(data))
  const { length, shape, classNames } = data
  if (!isWhole(length)) throw bad(`a length that is ${describeValue(length)}. It is the number of images`)
  if (!Array.isArray(shape) || shape.length !== 3 || !shape.every((size) => isWhole(size) && size > 0)) {
    const got = Array.isArray(shape) ? `[${shape.join(', ')}]` : describeValue(shape)
    throw bad(`the shape ${got}. It is [height, width, channels]: [28, 28, 1] for grey images of 28x28`)
  }
  if (!Array.isArray(classNames))
    throw bad(`classNames that are ${describeValue(classNames)}. List the name of each class`)
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

/** A value in a sentence; 0.1 of a Float32Array is 0.1. */
function shown(value: unknown): string {
  if (typeof value === 'object') return describeValue(value)
  return typeof value === 'number' ? String(Number(value.toPrecision(7))) : String(value)
}
