import { GichoError } from '@gicho/core'
import { joined } from './bytes.ts'
import type { FileSource } from './file-source.ts'
import type { LoadOptions } from './load-options.ts'
import { mirrorUrl } from './mirror-url.ts'
import { checkCopy, packedName } from './published-file.ts'
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
      const copy = await download(url, file.name, options)
      return { bytes: await checkCopy(file, copy, url), source: folder }
    },
  }
}

async function download(url: string, file: string, options: LoadOptions): Promise<Uint8Array> {
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
      options.onProgress?.({ file, loadedBytes, ...(totalBytes === undefined ? {} : { totalBytes }) })
    }
    return joined(pieces, loadedBytes)
  } finally {
    watch.stop()
  }
}
