import { checkOptionNames } from '@gicho/core'
import { browserCache } from './browser-cache.ts'
import { cacheSource } from './cache-source.ts'
import type { FileSource } from './file-source.ts'
import type { LoadOptions } from './load-options.ts'
import { mirrorSource } from './mirror-source.ts'
import { loadMnistFrom, type Mnist } from './mnist.ts'
import { MNIST_BROWSER_MIRRORS, MNIST_FILES, type MnistFiles } from './mnist-files.ts'
import { siteSource } from './site-source.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof LoadMnistOptions, true>> = {
  folder: true,
  cacheName: true,
  mirrors: true,
  onProgress: true,
  onWarning: true,
  signal: true,
  stallTimeoutMs: true,
}

/** Options of the browser's {@link loadMnist}. */
export interface LoadMnistOptions extends LoadOptions {
  /**
   * Address of a folder of the page's own site that has the four files as `.gz`, packed by whomever. Where it is named, nothing
   * else is tried, and the files are left to the browser's own cache.
   */
  readonly folder?: string | undefined
  /** Name of the Cache API's cache. Default `gicho`. */
  readonly cacheName?: string | undefined
}

const ADVICE =
  'Check the connection, or name mirrors of your own whose server allows requests from other origins (CORS).'

/**
 * Loads MNIST in a page or worker: from the browser's cache (Cache API), else from mirrors that allow pages (11.5 MB).
 *
 * Every file is checked against its published SHA-256, on pages without `crypto.subtle` too. Where the browser has no
 * cache for the page (plain http) or refuses it, the data is loaded all the same and `onWarning` is told.
 *
 * @throws GichoError `not-found` with a line for each place that was tried, `aborted`, `bad-argument` for a bad mirror
 *
 * @example
 * const { train, test } = await loadMnist({ onProgress: ({ file, loadedBytes }) => console.log(file, loadedBytes) })
 */
export async function loadMnist(options: LoadMnistOptions = {}): Promise<Mnist> {
  checkOptionNames('loadMnist', options, NAMES)
  return loadMnistInBrowser(MNIST_FILES, options)
}

/** {@link loadMnist} of any four files of its form. */
export async function loadMnistInBrowser(files: MnistFiles, options: LoadMnistOptions): Promise<Mnist> {
  if (options.folder !== undefined) {
    return loadMnistFrom({ files, sources: [siteSource(options.folder)], advice: ADVICE }, options)
  }
  const cache = browserCache(options.cacheName ?? 'gicho', 'mnist')
  if (!cache) {
    options.onWarning?.(
      'This page has no cache for files (no Cache API), so each visit downloads them: serve the page over https or from localhost.',
    )
  }
  const sources: FileSource[] = [mirrorSource({ mirrors: options.mirrors ?? MNIST_BROWSER_MIRRORS, cache })]
  if (cache) sources.unshift(cacheSource(cache))
  return loadMnistFrom({ files, sources, advice: ADVICE }, options)
}
