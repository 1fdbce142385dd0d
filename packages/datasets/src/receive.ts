import { GichoError } from '@gicho/core'
import type { LoadOptions } from './load-options.ts'
import type { PartialDownload } from './partial-download.ts'
import { StallWatch } from './stall-watch.ts'

const STALL_TIMEOUT_MS = 30_000

/** One request for the bytes that are missing. */
export interface ReceiveOptions extends LoadOptions {
  readonly headers: Readonly<Record<string, string>>
  /** See `MirrorSourceOptions`. */
  readonly authorization?: (() => Promise<string | undefined>) | undefined
  /** Called after each piece that was added; awaited, so that a slow disk slows the network. */
  onPiece(): Promise<void>
}

/**
 * Fetches what is missing of a download, from where it stopped when the server can do that, otherwise from its start.
 *
 * @throws GichoError `io` when the server doesn't give all of it, `bad-data` when it gives something else, `aborted`
 */
export async function receive(url: string, partial: PartialDownload, options: ReceiveOptions): Promise<void> {
  const watch = new StallWatch(options.signal, options.stallTimeoutMs ?? STALL_TIMEOUT_MS)
  try {
    const response = await answer(url, partial.length, options, watch)
    checkAnswer(url, partial.length, response)
    if (response.status !== 206) partial.clear()
    for await (const chunk of pieces(url, response, watch)) {
      partial.append(chunk, url)
      await options.onPiece()
    }
  } finally {
    watch.stop()
  }
  if (!partial.complete) {
    throw new GichoError('io', `${url}: expected ${partial.totalBytes} bytes, got ${partial.length}: it was cut off.`)
  }
}

/** The server's answer to a stranger, else to the account that the caller has. */
async function answer(
  url: string,
  start: number,
  { headers, authorization }: ReceiveOptions,
  watch: StallWatch,
): Promise<Response> {
  const first = await request(url, start, headers, watch)
  if (first.status !== 401 && first.status !== 403) return first
  const account = await authorization?.()
  if (account === undefined) return first
  await first.body?.cancel()
  // fetch takes this header off before it follows a redirect to another origin.
  return request(url, start, { ...headers, authorization: account }, watch)
}

async function request(
  url: string,
  start: number,
  headers: Readonly<Record<string, string>>,
  watch: StallWatch,
): Promise<Response> {
  const { signal } = watch
  if (start > 0) {
    try {
      return await fetch(url, { signal, headers: { ...headers, range: `bytes=${start}-` } })
    } catch {
      // A server may forbid pages the Range header (CORS) and yet allow the file: ask for all of it.
    }
  }
  return fetch(url, { signal, headers }).catch((cause: unknown) => watch.explain(url, cause))
}

function checkAnswer(url: string, start: number, response: Response): void {
  if (!response.ok && response.status !== 416) {
    throw new GichoError(
      'io',
      `${url}: expected status 200, got ${response.status} ${response.statusText}`.trim().concat('.'),
    )
  }
  // Pages may not see the header; the whole file's hash then finds a wrong range out.
  const range = response.headers.get('content-range') ?? `bytes ${start}-`
  if (response.status === 416 || (response.status === 206 && !range.startsWith(`bytes ${start}-`))) {
    const found = response.status === 416 ? 'status 416' : `"${range}"`
    throw new GichoError('bad-data', `${url}: expected the bytes from ${start} on, got ${found}.`)
  }
}

async function* pieces(url: string, response: Response, watch: StallWatch): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader()
  while (reader) {
    const piece = await reader.read().catch((cause: unknown) => watch.explain(url, cause))
    if (piece.done) return
    watch.alive()
    yield piece.value
  }
}
