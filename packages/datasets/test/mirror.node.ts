import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** How a mirror answers a request for a file of these bytes. */
export type Behaviour = (bytes: Uint8Array, request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** A mirror on this machine's loopback address. */
export interface Mirror {
  readonly url: string
  /** `GET /name` or `GET /name bytes=5-`, one a request. */
  readonly requests: string[]
  readonly headers: IncomingMessage['headers'][]
  /** Answers anew from now on. */
  behave(behaviour: Behaviour): void
  close(): Promise<void>
}

export async function startMirror(files: ReadonlyMap<string, Uint8Array>, first: Behaviour = ranged): Promise<Mirror> {
  let behaviour = first
  const requests: string[] = []
  const headers: Mirror['headers'] = []
  const server = createServer((request, response) => {
    requests.push([request.method, request.url, request.headers.range].filter(Boolean).join(' '))
    headers.push(request.headers)
    response.setHeader('access-control-allow-origin', '*')
    const bytes = files.get(new URL(request.url ?? '', 'http://x').pathname.slice(1))
    if (bytes) behaviour(bytes, request, response)
    else missing(new Uint8Array(), request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    headers,
    behave(next) {
      behaviour = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Everything, or the range that was asked for. */
export const ranged: Behaviour = (bytes, request, response) => {
  const start = startOf(request)
  if (start === undefined) return whole(bytes, request, response)
  if (start >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
    return
  }
  response.writeHead(206, {
    'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
    'content-length': bytes.length - start,
  })
  response.end(bytes.subarray(start))
}

/** Everything, whatever range was asked for. */
export const whole: Behaviour = (bytes, _request, response) => {
  response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
}

export const missing: Behaviour = (_bytes, _request, response) => {
  response.writeHead(404).end('no such file')
}

/** Ranges are served, but the connection breaks after `share` of the file, counted from the request's start. */
export function breaking(share: number): Behaviour {
  return (bytes, request, response) => {
    const start = startOf(request) ?? 0
    const end = Math.min(bytes.length, start + Math.ceil(bytes.length * share))
    const range = { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': bytes.length - start, ...(start > 0 ? range : {}) })
    if (end === bytes.length) response.end(bytes.subarray(start))
    else response.write(bytes.subarray(start, end), () => setTimeout(() => response.destroy(), 20))
  }
}

/** A whole answer, by its length, that ends after `share` of the file. */
export function short(share: number): Behaviour {
  return (bytes, _request, response) => {
    response.writeHead(200).end(bytes.subarray(0, Math.ceil(bytes.length * share)))
  }
}

/** Half of the file, then nothing more. */
export const stalling: Behaviour = (bytes, _request, response) => {
  response.writeHead(200, { 'content-length': bytes.length })
  response.write(bytes.subarray(0, bytes.length >> 1))
}

/** The file in ten pieces, `pauseMs` apart. */
export function slow(pauseMs: number): Behaviour {
  return async (bytes, _request, response) => {
    response.writeHead(200, { 'content-length': bytes.length })
    const piece = Math.ceil(bytes.length / 10)
    for (let at = 0; at < bytes.length; at += piece) {
      response.write(bytes.subarray(at, at + piece))
      await sleep(pauseMs)
    }
    response.end()
  }
}

/** Other bytes than the published ones, as many of them. */
export function altered(serve: Behaviour): Behaviour {
  return (bytes, request, response) =>
    serve(
      bytes.map((byte, i) => (i > 100 && i % 1000 === 101 ? byte ^ 1 : byte)),
      request,
      response,
    )
}

/** The same bytes, whatever file was asked for. */
export function always(content: Uint8Array): Behaviour {
  return (_bytes, request, response) => whole(content, request, response)
}

function startOf(request: IncomingMessage): number | undefined {
  const start = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]
  return start === undefined ? undefined : Number(start)
}
