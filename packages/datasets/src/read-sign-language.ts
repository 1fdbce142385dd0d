import { checkDataset, checkOptionNames, GichoError, type ImageDataset, isGichoError, type Split } from '@gicho/core'
import { throwIfAborted } from './abort.ts'
import { type Allowance, type ByteFile, blobFile, collect, decompressed, limited, peek } from './byte-file.ts'
import { isGzip } from './gzip.ts'
import { parseImageCsv } from './image-table.ts'
import { sha256Hex } from './sha256.ts'
import {
  type PublishedSignLanguage,
  SIGN_LANGUAGE,
  SIGN_LANGUAGE_CLASS_NAMES,
  SIGN_LANGUAGE_SHAPE,
  type SignLanguage,
  SPLITS,
  splitOfName,
} from './sign-language-data.ts'
import { closeLabelGap } from './sign-language-labels.ts'
import { isZip, readZip, type ZipMember } from './zip.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof ReadSignLanguageOptions, true>> = { trust: true, signal: true }

/** How {@link readSignLanguage} treats what it is given. */
export interface ReadSignLanguageOptions {
  /** Takes data that isn't the published one too: its split is told by the file's name. Default false. */
  readonly trust?: boolean | undefined
  /** Stops the reading with a GichoError `aborted`. */
  readonly signal?: AbortSignal | undefined
}

/** A split that a file had. */
export interface FoundSplit {
  readonly data: ImageDataset
  /** False for data that is taken on trust. */
  readonly published: boolean
}

/**
 * What all files of one load may have, packed and unpacked: the published CSVs have 105 MB and the archive 66 MB; what is
 * larger than this is something else, or a zip bomb.
 */
const MAX_BYTES = 1 << 28
const CSV_NAME = /^sign[-_]?mnist[-_](train|test|valid)\.csv(\.gz)?$/i
/** Kaggle's own labels: 0..24. */
const FILE_LABELS = 25

/**
 * Reads Sign Language MNIST out of files that a person dropped on a page or chose: Kaggle's zip, or both CSVs, in any
 * published form. Run it in a worker: half a second's work for the CSVs.
 *
 * @param files `File`s, or blobs with a name
 * @throws GichoError `bad-data` for a damaged file (row and column named), `bad-hash` for data that isn't the published
 *   one, `not-found` when a split is in none of the files, `aborted`
 *
 * @example
 * const { train, test } = await readSignLanguage([...input.files])
 */
export async function readSignLanguage(
  files: readonly (Blob & { readonly name: string })[],
  options: ReadSignLanguageOptions = {},
): Promise<SignLanguage> {
  checkOptionNames('readSignLanguage', options, NAMES)
  const { train, test } = await readSignLanguageParts(files, options)
  if (train && test) return { train, test }
  const names = files.map((file) => file.name).join(', ') || 'no file'
  throw new GichoError(
    'not-found',
    `Expected both splits of Sign Language MNIST, got ${names}, without the ${train ? 'test' : 'train'} split. ` +
      "Give Kaggle's zip, or both sign_mnist_train.csv and sign_mnist_test.csv.",
  )
}

/** For the files of one load. */
export function newAllowance(): Allowance {
  return { leftBytes: MAX_BYTES }
}

/** Options of {@link readSignLanguageParts}. */
export interface ReadSignLanguagePartsOptions extends ReadSignLanguageOptions {
  /** Told of each file that is of no use, and why; the others are read all the same. Without it such a file is thrown. */
  readonly onBadFile?: ((file: Blob & { readonly name: string }, error: unknown) => void) | undefined
}

/**
 * What {@link readSignLanguage} reads, of files that may have one split alone: for a page that takes the CSVs one after the other.
 *
 * @returns the splits that the files have: none, one or both
 * @throws GichoError as {@link readSignLanguage}, but for `not-found`; `bad-argument` when two files have the same split
 *
 * @example
 * const { train, test } = await readSignLanguageParts([file]) // one of them, or both
 */
export async function readSignLanguageParts(
  files: readonly (Blob & { readonly name: string })[],
  allOptions: ReadSignLanguagePartsOptions = {},
): Promise<Partial<SignLanguage>> {
  checkOptionNames('readSignLanguageParts', allOptions, { ...NAMES, onBadFile: true })
  const { onBadFile, ...options } = allOptions
  const found: FoundSplit[] = []
  const allowance = newAllowance()
  for (const file of files) {
    try {
      const more = await readSplits(blobFile(file), SIGN_LANGUAGE, options, allowance)
      bySplit([...found, ...more])
      found.push(...more)
    } catch (error) {
      if (!onBadFile || isGichoError(error, 'aborted')) throw error
      onBadFile(file, error)
    }
  }
  return bySplit(found)
}

/** One dataset a split. @throws GichoError `bad-argument` when two files have the same one */
export function bySplit(found: readonly FoundSplit[]): { [split in Split]?: ImageDataset } {
  const splits: { [split in Split]?: ImageDataset } = {}
  for (const { data } of found) {
    const before = splits[data.split]
    if (before) {
      throw new GichoError(
        'bad-argument',
        `Expected one file for the ${data.split} split, got ${before.source} and ${data.source}. Name one of them.`,
      )
    }
    splits[data.split] = data
  }
  return splits
}

/** The splits in a file: an archive, or a CSV, plain or gzip. */
export async function readSplits(
  file: ByteFile,
  published: PublishedSignLanguage,
  options: ReadSignLanguageOptions,
  allowance: Allowance = newAllowance(),
): Promise<readonly FoundSplit[]> {
  const { start, pieces } = await peek(stoppable(file.pieces(), options.signal), 4)
  if (!isZip(start)) {
    const plain = isGzip(start) ? decompressed(pieces, 'gzip', file.where) : pieces
    return [await readCsv({ ...file, pieces: () => plain }, file.where, published, options, allowance)]
  }
  const archive = readZip(await collect(pieces, file.where, allowance), file.where)
  const found: FoundSplit[] = []
  for (const member of chosenMembers(archive, file.where)) {
    throwIfAborted(options.signal)
    const csv = { ...member, pieces: () => stoppable(member.pieces(), options.signal) }
    found.push(await readCsv(csv, file.where, published, options, allowance))
  }
  return found
}

/** One CSV for each split; Kaggle's archive holds each twice, once in a folder of the same name. */
function chosenMembers(members: readonly ZipMember[], where: string): readonly ZipMember[] {
  const fitting = members.filter((member) => CSV_NAME.test(member.name) && !member.name.endsWith('.gz'))
  const chosen = SPLITS.map((split) =>
    fitting
      .filter((member) => splitOfName(member.name) === split)
      .sort((a, b) => a.path.length - b.path.length)
      .at(0),
  ).filter((member) => member !== undefined)
  if (chosen.length === SPLITS.length) return chosen
  const paths = members.map((member) => member.path)
  const listed = paths.slice(0, 8).join(', ') + (paths.length > 8 ? ` and ${paths.length - 8} more` : '')
  throw new GichoError(
    'bad-data',
    `${where}: expected an archive with sign_mnist_train.csv and sign_mnist_test.csv (or _valid), got ${listed || 'an empty one'}. ` +
      "Give Kaggle's sign-language-mnist.zip, or the CSVs themselves.",
  )
}

async function* stoppable(
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    throwIfAborted(signal)
    yield piece
  }
}

async function readCsv(
  file: ByteFile,
  source: string,
  published: PublishedSignLanguage,
  options: ReadSignLanguageOptions,
  allowance: Allowance,
): Promise<FoundSplit> {
  const { where } = file
  const pieces = limited(file.pieces(), where, allowance)
  const { images, labels: asWritten } = await parseImageCsv(pieces, {
    shape: SIGN_LANGUAGE_SHAPE,
    classes: FILE_LABELS,
    where,
  })
  const labels = closeLabelGap(asWritten, where)
  const known = await publishedSplit(images, labels, published)
  if (!known && !options.trust) await refuse(labels.length, images, where)
  const data = signLanguageSplit(images, labels, known ?? trustedSplit(file), source)
  return { data, published: known !== undefined }
}

/** A split's arrays as a dataset. */
export function signLanguageSplit(images: Uint8Array, labels: Uint8Array, split: Split, source: string): ImageDataset {
  const data: ImageDataset = {
    images,
    labels,
    length: labels.length,
    shape: SIGN_LANGUAGE_SHAPE,
    classNames: SIGN_LANGUAGE_CLASS_NAMES,
    split,
    source,
  }
  checkDataset(data)
  return data
}

/** The split whose pixels and labels these are, to the bit; the file's name and form don't matter. */
export async function publishedSplit(
  images: Uint8Array,
  labels: Uint8Array,
  published: PublishedSignLanguage,
): Promise<Split | undefined> {
  for (const split of SPLITS) {
    const { length, imagesSha256, labelsSha256 } = published.splits[split]
    if (labels.length !== length || (await sha256Hex(labels)) !== labelsSha256) continue
    if ((await sha256Hex(images)) === imagesSha256) return split
  }
  return undefined
}

function trustedSplit(file: ByteFile): Split {
  const split = splitOfName(file.name)
  if (split) return split
  throw new GichoError(
    'bad-argument',
    `${file.where}: expected a file name with train, test or valid in it, got ${file.name}. ` +
      "The data isn't the published one, so only its name can tell the split: rename it.",
  )
}

async function refuse(rows: number, images: Uint8Array, where: string): Promise<never> {
  throw new GichoError(
    'bad-hash',
    `${where}: expected the published images and labels of Sign Language MNIST, got ${rows} rows with others ` +
      `(SHA-256 of the pixels ${await sha256Hex(images)}). Known forms: Kaggle's CSVs with CRLF, the same with LF, ` +
      "NVIDIA DLI's CSVs with labels 0..23, each plain or .gz, and Kaggle's zip. " +
      'Get one of these; or, if this data is what you want, say so: option trust, on the command line --trust.',
  )
}
