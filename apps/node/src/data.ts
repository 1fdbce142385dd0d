import { GichoError, type ImageDataset, isGichoError, takeFirst } from '@gicho/core'
import { type DownloadProgress, loadMnist, loadSignLanguage } from '@gicho/datasets'
import { calledAs } from './called-as.ts'
import type { Phrases } from './phrases.ts'
import { CLEAR_LINE } from './terminal/printable.ts'
import { type Screen, writeLine } from './terminal/screen.ts'

/** The datasets that the command knows. */
export const datasetNames = ['mnist', 'sign-language'] as const
export type DatasetName = (typeof datasetNames)[number]

/** How a dataset is to be loaded. */
export interface LoadOptions {
  /** Where the dataset's files are: a folder, for sign language also a zip or a CSV; without it the cache and the network are asked. */
  readonly path?: string | undefined
  /** Takes no more than so many images of each part. */
  readonly limit?: number | undefined
  /** Takes data that isn't the published one too. */
  readonly trust?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly screen: Screen
  readonly say: Phrases
}

interface Loaded {
  readonly train: ImageDataset
  readonly test: ImageDataset
}

interface LoaderOptions {
  readonly path?: string
  readonly trust?: boolean
  readonly signal?: AbortSignal
  readonly onProgress: (progress: DownloadProgress) => void
  readonly onWarning: (message: string) => void
}

const loaders: Record<DatasetName, (options: LoaderOptions) => Promise<Loaded>> = {
  mnist: ({ path, ...options }) => loadMnist({ ...options, ...(path === undefined ? {} : { folder: path }) }),
  'sign-language': (options) => loadSignLanguage(options),
}

/** Training and validation data of a dataset. @throws GichoError as `loadMnist` and `loadSignLanguage` do */
export async function loadData(
  name: DatasetName,
  { path, limit, trust, signal, screen, say }: LoadOptions,
): Promise<Loaded> {
  const progress = new DownloadLine(screen, say)
  const { train, test } = await loaders[name]({
    ...(path === undefined ? {} : { path }),
    ...(trust === undefined ? {} : { trust }),
    ...(signal === undefined ? {} : { signal }),
    onProgress: (part) => progress.show(part),
    onWarning: (message) => progress.warn(message),
  }).finally(() => progress.close())
  return limit === undefined ? { train, test } : { train: takeFirst(train, limit), test: takeFirst(test, limit) }
}

/** What a failed load of sign language adds to its error: the same lesson on the data that everybody has. */
export function offerMnist(error: unknown, name: DatasetName, recipe: string): unknown {
  if (name !== 'sign-language' || !isGichoError(error, 'not-found')) return error
  const offer = `Or start at once, with the same lesson on the digits of MNIST: ${calledAs()} train ${recipe} --dataset mnist`
  return new GichoError('not-found', `${error.message}\n${offer}`, { cause: error })
}

/** One line that says what is being downloaded; on a pipe one line a file. */
class DownloadLine {
  readonly #screen: Screen
  readonly #say: Phrases
  #file = ''

  constructor(screen: Screen, say: Phrases) {
    this.#screen = screen
    this.#say = say
  }

  show({ file, loadedBytes, totalBytes }: DownloadProgress): void {
    const isNew = file !== this.#file
    this.#file = file
    if (this.#screen.redraws) {
      const share = totalBytes ? ` ${Math.floor((100 * loadedBytes) / totalBytes)}%` : ''
      this.#screen.write(`${CLEAR_LINE}${this.#say.loading(file)}${share}`)
    } else if (isNew) writeLine(this.#screen, this.#say.loading(file))
  }

  warn(message: string): void {
    this.close()
    writeLine(this.#screen, message)
  }

  close(): void {
    if (this.#file !== '' && this.#screen.redraws) this.#screen.write(CLEAR_LINE)
  }
}
