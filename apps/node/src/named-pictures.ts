import { stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import process from 'node:process'
import { GichoError } from '@gicho/core'
import { glob } from 'tinyglobby'
import { STANDARD_INPUT } from './read-picture.ts'

/** A picture by its path, or by `-` for standard input; or a name behind which there is none, and why. */
export interface NamedPicture {
  readonly image: string
  readonly error?: GichoError
}

/** Files that are taken for pictures in a folder; those of kinds that can't be read are told of rather than passed over. */
const PICTURES = '*.{png,jpg,jpeg,jpe,jfif,webp,gif,bmp,tif,tiff,heic,heif,avif,jxl}'
/** What makes a name a pattern, where there is no file of that name. */
const WILDCARDS = /[*?[{]/

/**
 * The pictures that names on a command line mean: a file, all pictures of a folder (not of the folders in it), all files that a
 * pattern fits (`photos/*.jpg`, `**` for folders at any depth), `-` for standard input. Those of one name come sorted.
 */
export async function* namedPictures(names: readonly string[]): AsyncGenerator<NamedPicture> {
  for (const name of names) {
    const found = name === STANDARD_INPUT ? undefined : await stat(name).catch(() => undefined)
    if (found?.isDirectory()) yield* all(name, await matches(PICTURES, name), 'pictures in this folder')
    else if (!found && WILDCARDS.test(name)) yield* all(name, await matches(name), 'files that fit this pattern')
    else yield { image: name }
  }
}

function* all(name: string, images: readonly string[], expected: string): Generator<NamedPicture> {
  for (const image of images) yield { image }
  if (images.length > 0) return
  const message = `${name}: expected ${expected}, found none. PNG, JPEG and WebP can be read.`
  yield { image: name, error: new GichoError('not-found', message) }
}

/** Paths of files, sorted alike on every machine; links to folders aren't followed, so that none leads in a circle. */
async function matches(pattern: string, folder?: string): Promise<string[]> {
  // In a pattern a backslash makes the next letter mean itself; Windows writes folders with it.
  const paths = await glob(process.platform === 'win32' ? pattern.replaceAll('\\', '/') : pattern, {
    ...(folder === undefined ? {} : { cwd: folder }),
    absolute: isAbsolute(pattern),
    caseSensitiveMatch: folder === undefined,
    expandDirectories: false,
    followSymbolicLinks: false,
  })
  return paths.map((path) => (folder === undefined ? path : join(folder, path))).sort((a, b) => (a < b ? -1 : 1))
}
