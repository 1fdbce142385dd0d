import { join } from 'node:path'
import { checkOptionNames, GichoError, type ImageDataset, isGichoError, messageOf, type Split } from '@gicho/core'
import { throwIfAborted } from './abort.ts'
import type { Allowance, ByteFile } from './byte-file.ts'
import { cacheSource } from './cache-source.ts'
import { readDecoded, writeDecoded } from './decoded-cache.ts'
import type { FileCache } from './file-cache.ts'
import { type FileSource, findFile } from './file-source.ts'
import { folderCache } from './folder-cache.node.ts'
import { kaggleAuthorization, kaggleUrl } from './kaggle-account.node.ts'
import { knownSplits, rememberFile } from './known-files.node.ts'
import { cacheRoot } from './load-mnist.node.ts'
import type { LoadOptions } from './load-options.ts'
import { mirrorSource } from './mirror-source.ts'
import {
  bySplit,
  type FoundSplit,
  newAllowance,
  type ReadSignLanguageOptions,
  readSplits,
} from './read-sign-language.ts'
import { type PublishedSignLanguage, SIGN_LANGUAGE, type SignLanguage } from './sign-language-data.ts'
import { filesAt, whatToName } from './sign-language-path.node.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof LoadSignLanguageOptions, true>> = {
  path: true,
  cacheDir: true,
  trust: true,
  mirrors: true,
  onProgress: true,
  onWarning: true,
  signal: true,
  stallTimeoutMs: true,
}

/** Options of {@link loadSignLanguage}. */
export interface LoadSignLanguageOptions extends LoadOptions, ReadSignLanguageOptions {
  /**
   * Kaggle's zip, both CSVs as a list, one CSV with the other beside it, or a folder that has them: any published form,
   * plain or `.gz`. Both splits come from there; what is wrong or missing there is an error.
   */
  readonly path?: string | readonly string[] | undefined
  /** Where downloads and decoded data are kept. Default: the variable GICHO_CACHE_DIR, else the system's place for caches. */
  readonly cacheDir?: string | undefined
}

const ADVICE =
  'Three ways to get the data: (1) with a network, start again: it comes from Kaggle, 66 MB, no login needed; ' +
  '(2) download it in a browser from https://www.kaggle.com/datasets/datamunge/sign-language-mnist and name the zip ' +
  '(option path, on the command line --data); (3) name a folder that has sign_mnist_train.csv and sign_mnist_test.csv ' +
  'in the variable GICHO_ASL_DIR.'

/** A server that packs on the fly would make sizes and ranges mean something else. */
const HEADERS = { 'accept-encoding': 'identity' }

/**
 * Loads Sign Language MNIST, both splits from the first place that has them: a path that the caller names, the folder in
 * GICHO_ASL_DIR, the cache, Kaggle (66 MB; anonymous, and with the user's account only where Kaggle asks for one). A place
 * that has one split without the other is an error where somebody named it, and is passed over otherwise.
 *
 * Labels come out as 0..23, the letters a to y without j, whatever form the files have. What the files decode to is
 * checked against the published data's SHA-256, and kept in the cache as raw bytes, so that the next load takes
 * milliseconds, also from a path whose files haven't changed.
 *
 * @throws GichoError in a named path: `not-found`, `bad-data` (row and column named), `bad-hash` for data that isn't the
 *   published one, unless `trust` is set; else `not-found` with a line for each place that was tried; `aborted`;
 *   `bad-argument` for a bad mirror
 *
 * @example
 * const { train, test } = await loadSignLanguage({ path: 'sign-language-mnist.zip' })
 * train.length // 27455
 * train.classNames[train.labels[0] ?? 0] // 'd'
 */
export async function loadSignLanguage(options: LoadSignLanguageOptions = {}): Promise<SignLanguage> {
  checkOptionNames('loadSignLanguage', options, NAMES)
  return loadSignLanguageFrom(SIGN_LANGUAGE, options)
}

/** {@link loadSignLanguage} of any data of its form. */
export async function loadSignLanguageFrom(
  published: PublishedSignLanguage,
  options: LoadSignLanguageOptions,
): Promise<SignLanguage> {
  throwIfAborted(options.signal)
  const load = new Load(published, options)
  const named = typeof options.path === 'string' ? [options.path] : (options.path ?? [])
  if (named.length > 0) return load.fromPaths(named, named.join(' and '))
  const variable = process.env.GICHO_ASL_DIR
  return (variable && (await load.fromVariable(variable))) || (await load.fromCache()) || load.fromKaggle()
}

/** One load on its way from place to place. */
class Load {
  readonly #published: PublishedSignLanguage
  readonly #options: LoadSignLanguageOptions
  readonly #cache: FileCache
  readonly #allowance: Allowance = newAllowance()
  /** A line for each place that lacked something, for the error when all do. */
  readonly #tried: string[] = []

  constructor(published: PublishedSignLanguage, options: LoadSignLanguageOptions) {
    this.#published = published
    this.#options = options
    this.#cache = folderCache(join(cacheRoot(options.cacheDir), 'sign-language'))
  }

  /** @throws GichoError `not-found` when only one of the splits is there */
  async fromPaths(paths: readonly string[], place: string): Promise<SignLanguage> {
    const files = new Map<string, ByteFile>()
    for (const path of paths) {
      for (const file of await filesAt(path, paths.length === 1)) files.set(file.where, file)
    }
    const { train, test } = bySplit(await this.#read([...files.values()]))
    if (train && test) return { train, test }
    const [found, missing]: readonly [Split, Split] = train ? ['train', 'test'] : ['test', 'train']
    throw new GichoError(
      'not-found',
      `${place}: expected both splits of Sign Language MNIST, got the ${found} split alone (${[...files.keys()].join(', ')}). ` +
        (await whatToName(missing, paths)),
    )
  }

  /** A folder that isn't there is no reason to stop: the variable may have been set for another machine. */
  async fromVariable(folder: string): Promise<SignLanguage | undefined> {
    try {
      await filesAt(folder, true)
    } catch (error) {
      if (!isGichoError(error, 'not-found')) throw error
      this.#tried.push(`GICHO_ASL_DIR, ${error.message}`)
      this.#options.onWarning?.(`GICHO_ASL_DIR, ${error.message}`)
      return undefined
    }
    return this.fromPaths([folder], `GICHO_ASL_DIR, ${folder}`)
  }

  async fromCache(): Promise<SignLanguage | undefined> {
    const [train, test] = [await this.#decoded('train'), await this.#decoded('test')]
    if (train && test) return { train, test }
    for (const [split, data] of Object.entries({ train, test })) {
      if (!data) this.#tried.push(`${this.#cache.place}: holds no decoded ${split} split.`)
    }
    return undefined
  }

  /** The archive goes from the cache once its splits are there. */
  async fromKaggle(): Promise<SignLanguage> {
    const { archive } = this.#published
    const sources = [...this.#tried.map(nothing), ...this.#downloads()]
    const { bytes, source } = await findFile(archive, sources, this.#options, ADVICE)
    const file: ByteFile = { name: archive.name, where: source.replace('#{file}', ''), pieces: () => once(bytes) }
    const kept = await this.#decode(file)
    if (kept.inCache) await this.#cache.remove(archive.name).catch(() => undefined)
    const { train, test } = bySplit(kept.found)
    if (train && test) return { train, test }
    throw new GichoError('not-found', `${archive.name}: a split is missing in it. ${ADVICE}`)
  }

  #downloads(): FileSource[] {
    const { mirrors, onWarning } = this.#options
    const cache = this.#cache
    if (mirrors) return [cacheSource(cache), mirrorSource({ mirrors, cache, headers: HEADERS })]
    const kaggle = kaggleUrl()
    const authorization = (): Promise<string | undefined> => kaggleAuthorization(kaggle, onWarning)
    return [cacheSource(cache), mirrorSource({ mirrors: [kaggle], cache, headers: HEADERS, authorization })]
  }

  /** Files of the user's; those that are known from an earlier load come from the cache. */
  async #read(files: readonly ByteFile[]): Promise<readonly FoundSplit[]> {
    const found: FoundSplit[] = []
    for (const file of files) {
      const known = await this.#known(file)
      if (known) found.push(...known)
      else {
        const decoded = await this.#decode(file)
        found.push(...decoded.found)
        if (decoded.inCache) {
          const splits = decoded.found.map(({ data }) => data.split)
          await rememberFile(this.#cache, file.where, splits)
        }
      }
    }
    return found
  }

  async #known(file: ByteFile): Promise<readonly FoundSplit[] | undefined> {
    const found: FoundSplit[] = []
    for (const split of (await knownSplits(this.#cache, file.where)) ?? []) {
      const data = await this.#decoded(split)
      if (!data) return undefined
      found.push({ data: { ...data, source: file.where }, published: true })
    }
    return found.length > 0 ? found : undefined
  }

  async #decode(file: ByteFile): Promise<{ found: readonly FoundSplit[]; inCache: boolean }> {
    const found = await readSplits(file, this.#published, this.#options, this.#allowance)
    let inCache = true
    for (const { data, published } of found) {
      inCache = inCache && published && (await writeDecoded(this.#cache, data, this.#options))
    }
    return { found, inCache }
  }

  async #decoded(split: Split): Promise<ImageDataset | undefined> {
    return readDecoded(this.#cache, split, this.#published, this.#options).catch((error: unknown) => {
      this.#options.onWarning?.(messageOf(error))
      return undefined
    })
  }
}

function nothing(missing: string): FileSource {
  return { find: async () => ({ missing }) }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
