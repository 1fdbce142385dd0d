import { isGichoError, messageOf } from '@gicho/core'
import type { FileCache } from './file-cache.ts'
import type { FileSource } from './file-source.ts'
import { checkCopy, packedName } from './published-file.ts'

/** Files that an earlier run downloaded; a damaged one is removed, so that the sources behind this one give it anew. */
export function cacheSource(cache: FileCache): FileSource {
  return {
    async find(file, options) {
      for (const name of new Set([packedName(file), file.name])) {
        try {
          const copy = await cache.read(name, Math.max(file.bytes, file.packedBytes))
          if (copy === undefined) continue
          return { bytes: await checkCopy(file, copy, `${cache.place}, ${name}`), source: cache.place }
        } catch (error) {
          if (!isGichoError(error) || error.code === 'io') throw error
          options.onWarning?.(`${error.message} The copy is replaced.`)
          // Where it can't be removed it is checked, and refused, again next time: slower, never wrong.
          await cache.remove(name).catch((reason: unknown) => options.onWarning?.(messageOf(reason)))
        }
      }
      return { missing: `${cache.place}: holds no ${file.name}.` }
    },
  }
}
