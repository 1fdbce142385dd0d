import { type ImageDataset, takeFirst } from '@gicho/core'
import { type DownloadProgress, loadMnist } from '@gicho/datasets'
import type { Phrases } from './phrases.ts'
import { type Screen, writeLine } from './terminal/screen.ts'

/** The datasets that the command knows. */
export const datasetNames = ['mnist'] as const
export type DatasetName = (typeof datasetNames)[number]

/** How a dataset is to be loaded. */
export interface LoadOptions {
  /** A folder with the dataset's files; without it the cache, the embedded copy or the mirrors. */
  readonly folder?: string | undefined
  /** Takes no more than so many images of each part. */
  readonly limit?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly screen: Screen
  readonly say: Phrases
}

/** Training and validation data of a dataset. @throws GichoError as `loadMnist` does */
export async function loadData(
  name: DatasetName,
  { folder, limit, signal, screen, say }: LoadOptions,
): Promise<{ train: ImageDataset; test: ImageDataset }> {
  const progress = new DownloadLine(screen, say)
  const { train, test } = await loaders[name]({
    ...(folder === undefined ? {} : { folder }),
    ...(signal === undefined ? {} : { signal }),
    onProgress: (part) => progress.show(part),
    onWarning: (message) => progress.warn(message),
  }).finally(() => progress.close())
  return limit === undefined ? { train, test } : { train: takeFirst(train, limit), test: takeFirst(test, limit) }
}

const loaders: Record<DatasetName, typeof loadMnist> = { mnist: loadMnist }

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
      this.#screen.write(`\r\u001b[K${this.#say.loading(file)}${share}`)
    } else if (isNew) writeLine(this.#screen, this.#say.loading(file))
  }

  warn(message: string): void {
    this.close()
    writeLine(this.#screen, message)
  }

  close(): void {
    if (this.#file !== '' && this.#screen.redraws) this.#screen.write('\r\u001b[K')
  }
}
