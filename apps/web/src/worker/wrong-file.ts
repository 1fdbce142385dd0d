import { isGichoError, messageOf } from '@gicho/core'
import { isZip, readZip } from '@gicho/datasets'

/** In what way a file isn't the sign-language data; the page has a sentence for each. */
type WrongKind =
  | 'empty'
  /** Neither an archive nor text: a picture, a program. */
  | 'noData'
  /** An archive whose end is missing, or whose content is spoiled. */
  | 'damaged'
  /** A sound archive of other files. */
  | 'otherArchive'
  /** Text that isn't a table of photos. */
  | 'otherTable'
  /** A table of photos with a row that can't be. */
  | 'badRows'
  /** A sound table of photos that aren't the published ones. */
  | 'otherPhotos'
  /** The same part of the data as a file beside it. */
  | 'twice'
  | 'unreadable'

type GivenFile = Blob & { readonly name: string }

/** A file that was given and is of no use. */
export interface WrongFile {
  readonly file: string
  readonly kind: WrongKind
  /** The error's own words. */
  readonly detail: string
}

/** Enough for the first line of a table of photos. */
const HEAD_BYTES = 16_384

/** Looks into a file that couldn't be read as the sign-language data. @param error what reading it threw */
export async function wrongFile(file: GivenFile, error: unknown): Promise<WrongFile> {
  return { file: file.name, kind: await kindOf(file, error), detail: messageOf(error) }
}

async function kindOf(file: GivenFile, error: unknown): Promise<WrongKind> {
  if (file.size === 0) return 'empty'
  if (isGichoError(error, 'bad-hash')) return 'otherPhotos'
  if (isGichoError(error, 'bad-argument')) return 'twice'
  if (!isGichoError(error, 'bad-data')) return 'unreadable'
  try {
    const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
    if (isZip(head)) return kindOfArchive(new Uint8Array(await file.arrayBuffer()))
    if (head[0] !== 0x1f || head[1] !== 0x8b) return kindOfTable(head)
    const unpacked = await firstUnpacked(head)
    return unpacked ? kindOfTable(unpacked) : 'damaged'
  } catch {
    return 'unreadable'
  }
}

function kindOfArchive(bytes: Uint8Array): WrongKind {
  try {
    const isData = readZip(bytes, '').some(({ name }) => /^sign[-_]?mnist[-_](train|test|valid)\.csv$/i.test(name))
    return isData ? 'damaged' : 'otherArchive'
  } catch {
    return 'damaged'
  }
}

function kindOfTable(head: Uint8Array): WrongKind {
  if (head.some((byte) => byte < 9)) return 'noData' // no text has such bytes
  const [first = ''] = new TextDecoder().decode(head).split(/\r?\n/)
  return /^"?label"?,"?pixel1"?,/i.test(first) ? 'badRows' : 'otherTable'
}

/** The first bytes of a gzip file; undefined where they can't be unpacked. */
async function firstUnpacked(head: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
  const reader = new Blob([head]).stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  try {
    return (await reader.read()).value
  } catch {
    return undefined
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
