import { checkBytes, checkOptionNames, GichoError } from '@gicho/core'
import { unpack } from './gzip.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof IdxLabelOptions, true>> = { classes: true }

const IMAGES_MAGIC = 0x00000803
const LABELS_MAGIC = 0x00000801

/** The images of an IDX file. */
export interface IdxImages {
  /** [length, height, width] row-major, 0..255. */
  readonly images: Uint8Array
  readonly length: number
  readonly height: number
  readonly width: number
}

/** What {@link parseIdxLabels} checks beside the file's form. */
export interface IdxLabelOptions {
  /** Labels must be below this; 256 lets every byte pass. Default 256. */
  readonly classes?: number
}

/**
 * Reads an IDX file of images (magic 0x00000803: unsigned bytes, three axes), plain or gzip.
 *
 * @param bytes the whole file; the images of a plain file share its memory
 * @param fileName stands in error messages
 * @throws GichoError `bad-data` when magic, counts and the file's length don't fit together, or the gzip is damaged
 *
 * @example
 * const { images, length } = await parseIdxImages(await readFile('train-images-idx3-ubyte.gz'), 'train-images')
 */
export async function parseIdxImages(bytes: Uint8Array, fileName: string): Promise<IdxImages> {
  const { sizes, values } = await parseIdx(bytes, fileName, IMAGES_MAGIC, 3)
  const [length = 0, height = 0, width = 0] = sizes
  return { images: values, length, height, width }
}

/**
 * Reads an IDX file of labels (magic 0x00000801: unsigned bytes, one axis), plain or gzip.
 *
 * @param bytes the whole file; the labels of a plain file share its memory
 * @param fileName stands in error messages
 * @returns [n], each 0..classes-1
 * @throws GichoError `bad-data` when magic, count and the file's length don't fit together, the gzip is damaged, or a
 *   label is outside the classes
 */
export async function parseIdxLabels(
  bytes: Uint8Array,
  fileName: string,
  options: IdxLabelOptions = {},
): Promise<Uint8Array> {
  checkOptionNames('parseIdxLabels', options, NAMES)
  const { values } = await parseIdx(bytes, fileName, LABELS_MAGIC, 1)
  const classes = options.classes ?? 256
  const wrong = values.findIndex((label) => label >= classes)
  if (wrong >= 0) {
    throw new GichoError(
      'bad-data',
      `${fileName}: expected labels 0..${classes - 1}, got ${values[wrong]} at index ${wrong}. ` +
        'The file is damaged or belongs to another dataset: get it anew.',
    )
  }
  return values
}

interface Idx {
  readonly sizes: readonly number[]
  readonly values: Uint8Array
}

interface IdxHeader {
  readonly sizes: readonly number[]
  /** Of the whole file. */
  readonly sizeBytes: number
}

/** Deflate's densest form: 258 bytes in two bits. */
const MOST_RATIO = 1032

/** What comes out of gzip is never more than its header demands. */
async function parseIdx(packed: Uint8Array, fileName: string, magic: number, axes: number): Promise<Idx> {
  checkBytes(fileName, packed)
  const headerBytes = 4 + 4 * axes
  const bytes = await unpack(packed, fileName, {
    headerBytes,
    sizeOf(start, packedBytes) {
      const { sizes, sizeBytes } = readHeader(start, fileName, magic, axes)
      if (sizeBytes > headerBytes + MOST_RATIO * packedBytes) {
        wrongSize(
          fileName,
          sizes,
          sizeBytes,
          `gzip of ${packedBytes} bytes, which can't hold them`,
          'The file is cut off',
        )
      }
      return sizeBytes
    },
  })
  const { sizes, sizeBytes } = readHeader(bytes, fileName, magic, axes)
  if (bytes.length !== sizeBytes) {
    const state = bytes.length < sizeBytes ? 'The file is cut off' : 'The file is longer than its header says'
    wrongSize(fileName, sizes, sizeBytes, `${bytes.length}`, state)
  }
  return { sizes, values: bytes.subarray(headerBytes) }
}

/** The format: big-endian magic (two zeros, type 08 = unsigned byte, number of axes), a 32-bit size an axis, the values. */
function readHeader(bytes: Uint8Array, fileName: string, magic: number, axes: number): IdxHeader {
  const headerBytes = 4 + 4 * axes
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = bytes.length >= 4 ? view.getUint32(0) : undefined
  if (found !== undefined && found !== magic) {
    throw new GichoError(
      'bad-data',
      `${fileName}: expected magic ${hex(magic)}, got ${hex(found)}. ${magicHint(found)}`,
    )
  }
  if (bytes.length < headerBytes) {
    throw new GichoError(
      'bad-data',
      `${fileName}: expected at least ${headerBytes} bytes, got ${bytes.length}. The file is cut off: get it anew.`,
    )
  }
  const sizes = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis))
  const values = sizes.reduce((product, size) => product * size, 1)
  if (values === 0) {
    throw new GichoError(
      'bad-data',
      `${fileName}: expected sizes of at least 1, got ${sizes.join(' x ')}. The file holds nothing: get it anew.`,
    )
  }
  return { sizes, sizeBytes: headerBytes + values }
}

function wrongSize(fileName: string, sizes: readonly number[], sizeBytes: number, got: string, state: string): never {
  throw new GichoError(
    'bad-data',
    `${fileName}: expected ${sizeBytes} bytes for ${sizes.join(' x ')} values, got ${got}. ${state}: get it anew.`,
  )
}

function hex(magic: number): string {
  return `0x${magic.toString(16).padStart(8, '0')}`
}

/** What a file with this magic is, as far as people have met it, and what to do. */
function magicHint(found: number): string {
  if (found === LABELS_MAGIC) return 'The file holds labels: have the image and label files been exchanged?'
  if (found === IMAGES_MAGIC) return 'The file holds images: have the image and label files been exchanged?'
  if (found >>> 8 === 0x000008) return 'The file has another number of axes: give the IDX file that the name says.'
  if (found >>> 16 === 0) return "The file's values aren't bytes: give an IDX file of unsigned bytes."
  if (found === 0x504b0304) return 'The file is a zip archive: unpack it first.'
  if (found >>> 24 === 0x3c) return 'The file looks like a web page, as a failed download leaves it: get it anew.'
  if (found === 0x76657273) return 'The file looks like a Git LFS pointer: run `git lfs pull`.'
  return "The file isn't an IDX file: get it anew."
}
