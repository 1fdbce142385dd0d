import { GichoError, isGichoError, messageOf } from '@gicho/core'
import type { FileCache } from './file-cache.ts'
import type { FileSource } from './file-source.ts'
import type { LoadOptions } from './load-options.ts'
import { mirrorUrl } from './mirror-url.ts'
import { PartialDownload } from './partial-download.ts'
import { checkDownload, isPacked, type PublishedFile, packedName } from './published-file.ts'
import { type ReceiveOptions, receive } from './receive.ts'

/** Requests to one mirror, each of which must have brought the file further than the one before. */
const REQUESTS_PER_MIRROR = 3
const SAVE_EVERY_BYTES = 1 << 20

/** Where a mirror source keeps what it downloads, and how it asks. */
export interface MirrorSourceOptions {
  readonly mirrors: readonly string[]
  /** Absent: downloads stay in memory. */
  readonly cache?: FileCache | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** An `Authorization` header; asked for, and sent, only when a mirror refuses to serve strangers (401, 403). */
  readonly authorization?: (() => Promise<string | undefined>) | undefined
}

/**
 * Downloads files from the first mirror that gives them whole, and keeps them in the cache.
 *
 * @throws GichoError `bad-argument`, at once, for a mirror that isn't an address
 */
export function mirrorSource({ mirrors, cache, headers = {}, authorization }: MirrorSourceOptions): FileSource {
  for (const mirror of mirrors) mirrorUrl(mirror, 'file')
  let usable = cache
  return {
    async find(file, options) {
      if (mirrors.length === 0) return { missing: 'mirrors: none are named, so nothing is downloaded.' }
      const keep = async (action: (cache: FileCache) => Promise<void> | undefined): Promise<void> => {
        if (!usable) return
        await action(usable)?.catch((reason: unknown) => {
          usable = undefined // one warning is enough
          options.onWarning?.(`${messageOf(reason)} The files stay in memory for this run.`)
        })
      }
      const download = new Download(file, options, { headers, authorization }, keep)
      await download.restore(usable)
      return download.from(mirrors)
    },
  }
}

type Asking = Pick<ReceiveOptions, 'headers' | 'authorization'>
type Keep = (action: (cache: FileCache) => Promise<void> | undefined) => Promise<void>

/** One file on its way: goes on after a cut connection, with the same mirror or the next. */
class Download {
  readonly #file: PublishedFile
  readonly #packedName: string
  readonly #options: LoadOptions
  readonly #asking: Asking
  readonly #keep: Keep
  readonly #partial: PartialDownload

  constructor(file: PublishedFile, options: LoadOptions, asking: Asking, keep: Keep) {
    this.#file = file
    this.#packedName = packedName(file)
    this.#options = options
    this.#asking = asking
    this.#keep = keep
    this.#partial = new PartialDownload(file)
  }

  /** Starts with what an earlier run left; a part that can't be of this file is dropped. */
  async restore(cache: FileCache | undefined): Promise<void> {
    const part = await cache?.parts?.read(this.#packedName, this.#file.packedBytes).catch(() => undefined)
    if (!part) return
    if (part.length > this.#file.packedBytes || !isPacked(this.#file, part)) return this.#drop()
    this.#partial.append(part, this.#packedName)
    this.#partial.saved = part.length
  }

  async from(mirrors: readonly string[]): Promise<{ bytes: Uint8Array; source: string }> {
    const failures: string[] = []
    for (const mirror of mirrors) {
      try {
        return { bytes: await this.#fromMirror(mirrorUrl(mirror, this.#packedName)), source: mirror }
      } catch (error) {
        if (!isGichoError(error) || error.code === 'aborted') throw error
        failures.push(error.message)
      }
    }
    throw new GichoError('io', failures.join('\n- ')) // a line for each in the list of what was tried
  }

  async #fromMirror(url: string): Promise<Uint8Array> {
    for (let request = 1; ; request++) {
      const before = this.#partial.length
      try {
        if (!this.#partial.complete) await this.#receive(url)
        const bytes = await checkDownload(this.#file, this.#partial.bytes, url)
        await this.#store()
        return bytes
      } catch (error) {
        const again = await this.#afterFailure(error, before)
        if (!again || request === REQUESTS_PER_MIRROR) throw error
      }
    }
  }

  async #receive(url: string): Promise<void> {
    const onPiece = async (): Promise<void> => {
      this.#options.onProgress?.({
        file: this.#file.name,
        loadedBytes: this.#partial.length,
        totalBytes: this.#partial.totalBytes,
      })
      if (this.#partial.length - this.#partial.saved >= SAVE_EVERY_BYTES) await this.#savePart()
    }
    await receive(url, this.#partial, { ...this.#options, ...this.#asking, onPiece })
  }

  /** Keeps what is worth keeping. True when asking the same mirror again makes sense. */
  async #afterFailure(error: unknown, before: number): Promise<boolean> {
    const wrong = isGichoError(error, 'bad-hash') || isGichoError(error, 'bad-data')
    if (wrong || !this.#partial.packed) {
      await this.#drop()
      return wrong && before > 0 // the start came from elsewhere: this mirror's own file may be right
    }
    await this.#savePart()
    return isGichoError(error, 'io') && this.#partial.length > before
  }

  async #savePart(): Promise<void> {
    const { bytes, length, packed, saved } = this.#partial
    if (!packed || length === saved) return
    await this.#keep((cache) => cache.parts?.write(this.#packedName, bytes, saved))
    this.#partial.saved = length
  }

  async #drop(): Promise<void> {
    this.#partial.clear()
    await this.#keep((cache) => cache.parts?.remove(this.#packedName))
  }

  /** The checked bytes in memory go into the cache, never the part on disk. */
  async #store(): Promise<void> {
    const name = this.#partial.packed ? this.#packedName : this.#file.name
    await this.#keep((cache) => cache.write(name, this.#partial.bytes))
    await this.#keep((cache) => cache.parts?.remove(this.#packedName))
  }
}
