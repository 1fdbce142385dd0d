import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileErrorCode, fileErrorWords, GichoError, type Split } from '@gicho/core'
import type { ByteFile } from './byte-file.ts'
import { filePieces } from './file-pieces.node.ts'
import { listing } from './folder-source.node.ts'
import { SPLITS } from './sign-language-data.ts'

const ARCHIVES = ['sign-language-mnist.zip', 'archive.zip']
const STEMS: Readonly<Record<Split, readonly string[]>> = {
  train: ['sign_mnist_train'],
  test: ['sign_mnist_test', 'sign_mnist_valid'],
}

/**
 * The files that a path stands for: a file itself (for one CSV, where it is named `alone`, also the other split's beside it), or what a folder has:
 * the CSVs, plain or `.gz`, also in folders of their own names, else Kaggle's zip.
 *
 * @throws GichoError `not-found` when there is nothing of the kind, `io` when the path can't be looked at
 */
export async function filesAt(path: string, alone: boolean): Promise<readonly ByteFile[]> {
  const place = resolve(path)
  const kind = await kindOf(place)
  if (kind === 'folder') return filesIn(place)
  if (kind === 'file') return [place, ...(alone ? await siblings(place) : [])].map(diskFile)
  throw new GichoError(
    'not-found',
    `${place}: expected the zip, a CSV, or a folder that has them, got nothing at this path. Check its spelling.`,
  )
}

async function filesIn(folder: string): Promise<readonly ByteFile[]> {
  const csvs = (await Promise.all(SPLITS.map((split) => firstFile(folder, spellings(split))))).filter(
    (path) => path !== undefined,
  )
  const archive = csvs.length < SPLITS.length ? await firstFile(folder, ARCHIVES) : undefined
  const paths = archive ? [archive] : csvs
  if (paths.length > 0) return paths.map(diskFile)
  throw new GichoError(
    'not-found',
    `${folder}: expected ${STEMS.train[0]}.csv and ${STEMS.test[0]}.csv (or _valid; plain or .gz), or ${ARCHIVES[0]}, ` +
      `got ${await listing(folder)}. Put the files there, or name another path.`,
  )
}

/** What a person has to do who named paths that lack a split. */
export async function whatToName(missing: Split, paths: readonly string[]): Promise<string> {
  const [path, ...others] = paths.map((path) => resolve(path))
  const folder = path && (await kindOf(path)) === 'folder' ? path : path && splitOfKnownName(path) && dirname(path)
  if (!folder || others.length > 0) return `Name the file of the ${missing} split, too: no other place is asked for it.`
  const names = STEMS[missing].map((stem) => `${stem}.csv`).join(' or ')
  return `The ${missing} split was looked for as ${names} (plain or .gz) in ${folder} and nowhere else: put it there, or name both files.`
}

/** Kaggle's archive, unpacked, has `sign_mnist_train.csv`, and once more in a folder `sign_mnist_train`. */
function spellings(split: Split): readonly string[] {
  const names = STEMS[split].flatMap((stem) => [`${stem}.csv`, `${stem}.csv.gz`])
  return [...names, ...STEMS[split].flatMap((stem) => names.map((name) => join(stem, name)))]
}

async function firstFile(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if ((await kindOf(join(folder, name))) === 'file') return join(folder, name)
  return undefined
}

/** The other split's CSV in the same folder, when the named file is a CSV under a known name. */
async function siblings(file: string): Promise<readonly string[]> {
  const split = splitOfKnownName(file)
  const other = split && (await firstFile(dirname(file), spellings(split === 'train' ? 'test' : 'train')))
  return other ? [other] : []
}

function splitOfKnownName(file: string): Split | undefined {
  const name = basename(file).toLowerCase()
  return SPLITS.find((split) => STEMS[split].some((stem) => name === `${stem}.csv` || name === `${stem}.csv.gz`))
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    const found = await stat(path)
    return found.isDirectory() ? 'folder' : 'file'
  } catch (cause) {
    const code = fileErrorCode(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new GichoError(
      'io',
      `${path}: the path can't be looked at: ${fileErrorWords(cause)}. Check its permissions.`,
      { cause },
    )
  }
}

function diskFile(path: string): ByteFile {
  return { name: basename(path), where: path, pieces: () => filePieces(path) }
}
