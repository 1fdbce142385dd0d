import { checkDataset, GichoError, type ImageDataset, messageOf, type Split, takeFirst } from '@gicho/core'
import { loadMnist, readSignLanguage, readSignLanguageParts, SIGN_LANGUAGE_CLASS_NAMES } from '@gicho/datasets'
import { NamedError } from '../remote/named-error.ts'
import { failureOf } from '../remote/serve.ts'
import { siteFolder } from './engines.ts'
import type { FileTree } from './keeping/file-tree.ts'
import type { News } from './news.ts'
import { type WrongFile, wrongFile } from './wrong-file.ts'

/** Both parts of a dataset. */
export interface Parts {
  readonly train: ImageDataset
  readonly test: ImageDataset
}

/** What became of files that were given. */
export interface TakenData {
  /** Parts of the data that are still to be given; none where the data is there. */
  readonly missing: readonly Split[]
  /** Files that are of no use. */
  readonly wrong: readonly WrongFile[]
}

/** The datasets of the lessons. */
export type DatasetName = 'mnist' | 'sign-language'

/** How the sign-language data can be had; what is `held` goes with the tab. */
export type SignLanguageState = 'kept' | 'held' | 'served' | 'missing'

/** Put in place while the site is built. */
declare const __MNIST_FOLDER__: string

const FOLDER = 'data/sign-language'
const SHAPE = [28, 28, 1] as const

/** Finds data and holds it in memory, so that every lesson shares it. */
export class DataShelf {
  readonly #files: FileTree
  readonly #tell: (news: News) => void
  readonly #held = new Map<DatasetName, Promise<Parts>>()
  /** True for photos that were given and found no room. */
  #isUnkept = false
  /** One part of the photos, given alone: it waits for the other. */
  #given: Partial<Parts> = {}

  constructor(files: FileTree, tell: (news: News) => void) {
    this.#files = files
    this.#tell = tell
  }

  /**
   * What a lesson trains on: its own data, or MNIST where that isn't here.
   *
   * @param limit no more pictures of each part; 0 means all
   */
  async load(wanted: string, limit: number): Promise<Parts & { readonly name: DatasetName }> {
    const name = wanted === 'sign-language' && (await this.signLanguage()) !== 'missing' ? wanted : 'mnist'
    const { train, test } = await this.#parts(name)
    if (limit === 0) return { name, train, test }
    return { name, train: takeFirst(train, limit), test: takeFirst(test, limit) }
  }

  async signLanguage(): Promise<SignLanguageState> {
    if (this.#isUnkept) return 'held'
    if ((await this.#files.list(FOLDER)).length === 4) return this.#files.lasts ? 'kept' : 'held'
    return (await servedFiles()).length > 0 ? 'served' : 'missing'
  }

  /**
   * Reads files that the learner gave, all at once or one after the other, and keeps what is in them once both parts are there; where
   * there is no room, they are used all the same and this is told.
   */
  async take(files: readonly File[]): Promise<TakenData> {
    const wrong: Promise<WrongFile>[] = []
    const found = await readSignLanguageParts(
      files.map((file) => watched(file, this.#tell)),
      { onBadFile: (file, error) => wrong.push(wrongFile(file, error)) },
    )
    this.#given = { ...this.#given, ...found }
    const { train, test } = this.#given
    if (train && test) await this.#take({ train, test })
    return {
      missing: train && test ? [] : [...(train ? [] : ['train' as const]), ...(test ? [] : ['test' as const])],
      wrong: await Promise.all(wrong),
    }
  }

  async #take(parts: Parts): Promise<void> {
    this.#given = {}
    this.#held.set('sign-language', Promise.resolve(parts))
    this.#isUnkept = false
    try {
      await this.#keep(parts)
    } catch (error) {
      this.#isUnkept = true
      this.#tell({ kind: 'warning', about: 'data', failure: failureOf(error) })
      await this.#files.remove(FOLDER).catch(() => undefined) // half of it is of no use
    }
  }

  async #keep({ train, test }: Parts): Promise<void> {
    for (const data of [train, test]) {
      await this.#files.write(`${FOLDER}/${data.split}-images.bin`, new Uint8Array(data.images))
      await this.#files.write(`${FOLDER}/${data.split}-labels.bin`, new Uint8Array(data.labels))
    }
  }

  async forget(): Promise<void> {
    this.#held.delete('sign-language')
    this.#isUnkept = false
    this.#given = {}
    await this.#files.remove(FOLDER)
  }

  #parts(name: DatasetName): Promise<Parts> {
    const held = this.#held.get(name)
    if (held) return held
    const loading = (name === 'mnist' ? this.#mnist() : this.#signs()).catch(whereItIsMissing)
    this.#held.set(name, loading)
    loading.catch(() => this.#held.delete(name)) // the next one tries anew
    return loading
  }

  #mnist(): Promise<Parts> {
    return loadMnist({
      folder: siteFolder(__MNIST_FOLDER__),
      onProgress: ({ file, loadedBytes, totalBytes }) =>
        this.#tell({
          kind: 'loading',
          file,
          loaded: loadedBytes,
          ...(totalBytes === undefined ? {} : { total: totalBytes }),
        }),
    })
  }

  async #signs(): Promise<Parts> {
    const [train, test] = await Promise.all([this.#kept('train'), this.#kept('test')])
    if (train && test) return { train, test }
    const files = await Promise.all((await servedFiles()).map((path) => fetchFile(path)))
    return readSignLanguage(files.map((file) => watched(file, this.#tell)))
  }

  async #kept(split: Split): Promise<ImageDataset | undefined> {
    const images = await this.#files.read(`${FOLDER}/${split}-images.bin`)
    const labels = await this.#files.read(`${FOLDER}/${split}-labels.bin`)
    if (!images || !labels) return undefined
    const length = labels.length
    const source = 'kept in this browser'
    const data = { images, labels, length, shape: SHAPE, classNames: SIGN_LANGUAGE_CLASS_NAMES, split, source }
    checkDataset(data)
    return data
  }
}

/** Without a network, and not kept before. */
function whereItIsMissing(cause: unknown): never {
  if (navigator.onLine !== false) throw cause
  throw new NamedError('offline', 'io', messageOf(cause), { cause })
}

/** The data's files that this site serves, as `HASH/NAME` in the folder. */
async function servedFiles(): Promise<string[]> {
  try {
    const response = await fetch(`${siteFolder(FOLDER)}files.json`)
    const names: unknown = response.ok ? await response.json() : []
    return Array.isArray(names) ? names.map(String) : []
  } catch {
    return [] // offline
  }
}

async function fetchFile(path: string): Promise<File> {
  const response = await fetch(siteFolder(FOLDER) + path)
  if (!response.ok)
    throw new GichoError('io', `${path}: expected the file, got status ${response.status}. Reload the page.`)
  return new File([await response.blob()], path.split('/').at(-1) ?? path)
}

/** The same file, telling of every piece that is read of it. */
function watched(file: File, tell: (news: News) => void): File {
  return new WatchedFile(file, (loaded) => tell({ kind: 'loading', file: file.name, loaded, total: file.size }))
}

class WatchedFile extends File {
  readonly #onRead: (loaded: number) => void

  constructor(file: File, onRead: (loaded: number) => void) {
    super([file], file.name)
    this.#onRead = onRead
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let loaded = 0
    const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (piece, controller) => {
        loaded += piece.length
        this.#onRead(loaded)
        controller.enqueue(piece)
      },
    })
    return super.stream().pipeThrough(count)
  }
}
