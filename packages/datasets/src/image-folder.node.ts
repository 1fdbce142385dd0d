import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import {
  checkDataset,
  checkOptionNames,
  fileErrorCode,
  fileErrorWords,
  GichoError,
  type ImageDataset,
  type ImageShape,
  readPlainFile,
  type Split,
} from '@gicho/core'
import { throwIfAborted } from './abort.ts'
import { decodePng } from './png.node.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof LoadImageFolderOptions, true>> = {
  classNames: true,
  channels: true,
  split: true,
  onWarning: true,
  signal: true,
}

/** Options of {@link loadImageFolder}. */
export interface LoadImageFolderOptions {
  /** The classes in the order of their labels. Default: the folders' names, sorted by their characters' codes. */
  readonly classNames?: readonly string[] | undefined
  /** 1 turns colours into luma, 3 repeats greys; transparency is left out. Default: what the first image has. */
  readonly channels?: 1 | 3 | undefined
  /** Default `train`. */
  readonly split?: Split | undefined
  /** Told of files that are no images and were left out. */
  readonly onWarning?: ((message: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

interface ImageFile {
  readonly path: string
  readonly label: number
}

/** An image of the largest size, not packed at all, fits. */
const IMAGE_BYTES = 1 << 28
/** Formats that a person may well put there, and that can't be read. */
const OTHER_IMAGES = new Set(['.jpg', '.jpeg', '.webp', '.gif', '.bmp', '.tif', '.tiff', '.avif', '.heic'])

/**
 * Loads a user's own pictures: a folder with a folder for each class, with PNG images of one size in it.
 *
 * @throws GichoError `not-found` when the folder, a class or its images aren't there, `bad-data` for a damaged image,
 *   `bad-shape` for one of another size, `unsupported` for other image formats, `aborted`
 *
 * @example
 * // signs/a/1.png, signs/a/2.png, signs/b/1.png, …
 * const data = await loadImageFolder('signs', { channels: 1 })
 */
export async function loadImageFolder(folder: string, options: LoadImageFolderOptions = {}): Promise<ImageDataset> {
  checkOptionNames('loadImageFolder', options, NAMES)
  const root = resolve(folder)
  const classNames = options.classNames ?? (await classesIn(root))
  const files: ImageFile[] = []
  for (const [label, name] of classNames.entries()) {
    for (const path of await imagesIn(join(root, name), options.onWarning)) files.push({ path, label })
  }
  const { images, shape } = await readImages(files, options)
  const labels = files.map((file) => file.label)
  const data: ImageDataset = {
    images,
    labels: classNames.length > 256 ? Uint16Array.from(labels) : Uint8Array.from(labels),
    length: files.length,
    shape,
    classNames,
    split: options.split ?? 'train',
    source: `folder ${root}`,
  }
  checkDataset(data)
  return data
}

async function classesIn(root: string): Promise<readonly string[]> {
  const names = (await entries(root)).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  if (names.length > 0) return names
  throw new GichoError(
    'not-found',
    `${root}: expected a folder for each class, got none. Put the images of a class into a folder of its name.`,
  )
}

async function imagesIn(folder: string, onWarning: LoadImageFolderOptions['onWarning']): Promise<readonly string[]> {
  const paths: string[] = []
  for (const { name } of await entries(folder)) {
    const path = join(folder, name)
    const ending = extname(name).toLowerCase()
    if (ending === '.png') paths.push(path)
    else if (OTHER_IMAGES.has(ending)) {
      throw new GichoError('unsupported', `${path}: expected a PNG image, got ${ending}. Save it as PNG.`)
    } else onWarning?.(`${path}: expected a PNG image, got another kind of file. It is left out.`)
  }
  if (paths.length > 0) return paths
  throw new GichoError(
    'not-found',
    `${folder}: expected PNG images, got none. Put the images of this class there, or remove the folder.`,
  )
}

/** What isn't hidden, sorted alike on every machine. */
async function entries(folder: string): Promise<readonly Dirent[]> {
  try {
    const all = await readdir(folder, { withFileTypes: true })
    const shown = all.filter(({ name }) => !name.startsWith('.') && name !== 'Thumbs.db')
    return shown.sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (cause) {
    const code = fileErrorCode(cause)
    throw new GichoError(
      code === 'ENOENT' || code === 'ENOTDIR' ? 'not-found' : 'io',
      `${folder}: expected a folder, got none that can be read: ${fileErrorWords(cause)}. Check its spelling and permissions.`,
      { cause },
    )
  }
}

async function readImages(
  files: readonly ImageFile[],
  options: LoadImageFolderOptions,
): Promise<{ images: Uint8Array; shape: ImageShape }> {
  let channels = options.channels
  let shape: ImageShape | undefined
  let images = new Uint8Array(0)
  for (const [i, { path }] of files.entries()) {
    throwIfAborted(options.signal)
    const image = decodePng(await readPlainFile(path, { maxBytes: IMAGE_BYTES, what: 'a PNG image' }), path, channels)
    channels = image.shape[2]
    shape ??= image.shape
    const [h, w] = shape
    if (image.shape[0] !== h || image.shape[1] !== w) {
      throw new GichoError(
        'bad-shape',
        `${path}: expected an image of ${h}x${w} like ${files[0]?.path}, got ${image.shape[0]}x${image.shape[1]}. ` +
          'Bring all images to one size.',
      )
    }
    if (i === 0) images = new Uint8Array(files.length * image.pixels.length)
    images.set(image.pixels, i * image.pixels.length)
  }
  return { images, shape: shape ?? [1, 1, channels ?? 1] }
}
