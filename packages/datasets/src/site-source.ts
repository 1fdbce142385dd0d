import { GichoError } from '@gicho/core'
import { joined } from './bytes.ts'
import type { FileSource } from './file-source.ts'
import type { LoadOptions } from './load-options.ts'
import { mirrorUrl } from './mirror-url.ts'
import { checkCopy, type PublishedFile, packedName } from './published-file.ts'
import { StallWatch } from './stall-watch.ts'

const STALL_TIMEOUT_MS = 30_000

/**
 * Files in a folder of the page's own site. Unlike a mirror's they may have been packed anew: what they unpack to is
 * checked, and never grows beyond the published size.
 *
 * @throws GichoError `bad-argument`, at once, for a folder that isn't an address
 */
export function siteSource(folder: string): FileSource {
  mirrorUrl(folder, '')
  return {
    binding: true,
    async find(file, options) {
      const url = mirrorUrl(folder, packedName(file))
      const copy = await download(url, file, options)
      return { bytes: await checkCopy(file, copy, url), source: folder }
    },
  }
}

async function download(url: string, file: PublishedFile, options: LoadOptions): Promise<Uint8Array> {
  const watch = new StallWatch(options.signal, options.stallTimeoutMs ?? STALL_TIMEOUT_MS)
  try {
    const response = await fetch(url, { signal: watch.signal }).catch((cause: unknown) => watch.explain(url, cause))
    if (!response.ok) {
      const code = response.status === 404 ? 'not-found' : 'io'
      throw new GichoError(code, `${url}: expected the file, got status ${response.status}. Build the site anew.`)
    }
    const totalBytes = Number(response.headers.get('content-length')) || undefined
    const pieces: Uint8Array[] = []
    let loadedBytes = 0
    const reader = response.body?.getReader()
    while (reader) {
      const piece = await reader.read().catch((cause: unknown) => watch.explain(url, cause))
      if (piece.done) break
      watch.alive()
      pieces.push(piece.value)
      loadedBytes += piece.value.length
      if (loadedBytes > mostBytes(file)) tooLong(url, file)
      options.onProgress?.({ file: file.name, loadedBytes, ...(totalBytes === undefined ? {} : { totalBytes }) })
    }
    return joined(pieces, loadedBytes)
  } finally {
    watch.stop()
  }
}

/** Whoever packs a file so that it grows by more than a hundredth, packs something else. */
function mostBytes({ bytes, packedBytes }: PublishedFile): number {
  return Math.ceil(1.01 * Math.max(bytes, packedBytes)) + 1024
}

function tooLong(url: string, file: PublishedFile): never {
  throw new GichoError('bad-data', `${url}: expected at most ${mostBytes(file)} bytes, got more. Build the site anew.`)
}
