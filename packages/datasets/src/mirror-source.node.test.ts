import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { expectSame } from '../test/expect-same.ts'
import * as serve from '../test/mirror.node.ts'
import { gzip, type Published, publish } from '../test/published.ts'
import type { FoundFile } from './file-source.ts'
import { folderCache } from './folder-cache.node.ts'
import type { LoadOptions } from './load-options.ts'
import { mirrorSource } from './mirror-source.ts'
import type { PublishedFile } from './published-file.ts'

let published: Published
let file: PublishedFile
let packed: Uint8Array
let first: serve.Mirror
let second: serve.Mirror
let folder: string

beforeAll(async () => {
  published = await publish()
  file = published.files.trainImages
  packed = published.packed.get(`${file.name}.gz`) ?? new Uint8Array()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-mirror-'))
  first = await serve.startMirror(published.packed)
  second = await serve.startMirror(published.packed)
})
afterEach(async () => {
  await Promise.all([first.close(), second.close()])
  await rm(folder, { recursive: true, force: true })
})

async function download(options: LoadOptions = {}): Promise<FoundFile> {
  const mirrors = [first.url, second.url]
  const found = await mirrorSource({ mirrors, cache: folderCache(folder) }).find(file, options)
  if ('missing' in found) throw new Error(found.missing)
  return found
}

async function expectWhole(found: FoundFile, source: string): Promise<void> {
  expect(found.source).toBe(source)
  expectSame(found.bytes, published.plain.get(file.name))
  expect(await readdir(folder)).toEqual([`${file.name}.gz`])
  expectSame(await readFile(join(folder, `${file.name}.gz`)), packed)
}

const request = `GET /train-images-idx3-ubyte.gz`
const partPath = (): string => join(folder, `${file.name}.gz.part`)

test('a broken connection is taken up again where it broke', async () => {
  first.behave(serve.breaking(0.4))
  await expectWhole(await download(), first.url)
  expect(first.requests[0]).toBe(request)
  expect(first.requests[1]).toMatch(/ bytes=[1-9]\d*-$/)
  expect(second.requests).toEqual([])
})

test('the next mirror goes on where a mirror gave up', async () => {
  first.behave(serve.breaking(0.2))
  await expectWhole(await download(), second.url)
  expect(first.requests).toHaveLength(3)
  expect(second.requests).toEqual([expect.stringMatching(/ bytes=[1-9]\d*-$/)])
})

test('a mirror that ignores ranges sends the file anew', async () => {
  await writeFile(partPath(), packed.subarray(0, 5000))
  first.behave(serve.whole)
  await expectWhole(await download(), first.url)
  expect(first.requests).toEqual([`${request} bytes=5000-`])
})

test('an answer that ends early goes on, or counts as failed', async () => {
  first.behave(serve.short(0.5))
  second.behave(serve.missing)
  await expect(download()).rejects.toThrow(
    `${first.url}${file.name}.gz: expected ${packed.length} bytes, got ${Math.ceil(packed.length / 2)}: it was cut off.`,
  )
  expect(await readdir(folder)).toEqual([`${file.name}.gz.part`])
  second.behave(serve.ranged)
  await expectWhole(await download(), second.url)
})

test('wrong bytes are dropped and the next mirror starts anew', async () => {
  first.behave(serve.altered(serve.ranged))
  await expectWhole(await download(), second.url)
  expect(second.requests).toEqual([request])
  second.behave(serve.altered(serve.ranged))
  await rm(join(folder, `${file.name}.gz`))
  await expect(download()).rejects.toThrow(
    new RegExp(`expected SHA-256 ${file.packedSha256}, got [0-9a-f]{64}. It isn't the published file: get it anew.`),
  )
  expect(await readdir(folder)).toEqual([])
})

test('a part that was damaged costs a second request, not the file', async () => {
  await writeFile(
    partPath(),
    packed.subarray(0, 5000).map((byte, i) => (i > 50 ? byte ^ 1 : byte)),
  )
  await expectWhole(await download(), first.url)
  expect(first.requests).toEqual([`${request} bytes=5000-`, request])
})

test.each([
  ['is no gzip', Uint8Array.of(1, 2, 3)],
  ['is longer than the file', new Uint8Array(4e6).with(0, 0x1f).with(1, 0x8b)],
])('a part that %s is dropped', async (_what, part) => {
  await writeFile(partPath(), part)
  await expectWhole(await download(), first.url)
  expect(first.requests).toEqual([request])
})

test('a part that is complete is taken without a request', async () => {
  await writeFile(partPath(), packed)
  await expectWhole(await download(), first.url)
  expect(first.requests).toEqual([])
})

test('a range that was not asked for is refused and the file asked for anew', async () => {
  await writeFile(partPath(), packed.subarray(0, 5000))
  let asked = 0
  first.behave((bytes, incoming, response) => {
    if (asked++ > 0) return serve.ranged(bytes, incoming, response)
    response.writeHead(206, { 'content-range': `bytes 0-9/${bytes.length}` }).end(bytes.subarray(0, 10))
  })
  await expectWhole(await download(), first.url)
  expect(first.requests).toEqual([`${request} bytes=5000-`, request])
})

test('a refused range is asked for anew, and named when that fails too', async () => {
  await writeFile(partPath(), packed.subarray(0, 5000))
  first.behave((_bytes, _incoming, response) => void response.writeHead(416).end())
  second.behave(serve.missing)
  await expect(download()).rejects.toThrow(`${file.name}.gz: expected the bytes from 0 on, got status 416.`)
})

test('a page in the place of the file is refused, and never mixed into it', async () => {
  first.behave(serve.always(new TextEncoder().encode('<!doctype html>please log in')))
  await expectWhole(await download(), second.url)
  expect(second.requests).toEqual([request])
  second.behave(serve.missing)
  await rm(join(folder, `${file.name}.gz`))
  await expect(download()).rejects.toThrow('expected a gzip or IDX file, got one that begins with 3c 21 64.')
})

test('a download that never ends is stopped', async () => {
  first.behave(serve.always(new Uint8Array(8e6).fill(7).with(0, 0x1f).with(1, 0x8b)))
  second.behave(serve.missing)
  await expect(download()).rejects.toThrow(`expected ${packed.length} bytes, got more. It isn't the published file.`)
})

test('a file that a proxy has unpacked is checked and kept as it came', async () => {
  const plain = published.plain.get(file.name) ?? new Uint8Array()
  first.behave(serve.always(plain))
  const found = await download()
  expectSame(found.bytes, plain)
  expect(await readdir(folder)).toEqual([file.name])
})

test('the start of a file that a proxy unpacks is never mixed with packed bytes', async () => {
  const plain = published.plain.get(file.name) ?? new Uint8Array()
  first.behave(serve.always(plain.subarray(0, plain.length >> 1)))
  await expectWhole(await download(), second.url)
  expect(second.requests).toEqual([request])
})

test('a cache that cannot be written is tried and told of once', async () => {
  await writeFile(join(folder, 'file'), 'not a folder')
  const cache = folderCache(join(folder, 'file', 'cache'))
  const warnings: string[] = []
  first.behave(serve.breaking(0.6))
  const source = mirrorSource({ mirrors: [first.url], cache })
  const found = await source.find(file, { onWarning: (message) => warnings.push(message) })
  expectSame('bytes' in found ? found.bytes : undefined, published.plain.get(file.name))
  expect(warnings).toHaveLength(1)
})

test('a file that the server packs once more on its way is unpacked once by fetch', async () => {
  const twice = await gzip(packed)
  first.behave((_bytes, _incoming, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': twice.length }).end(twice)
  })
  await expectWhole(await download(), first.url)
})

test('a mirror that stalls is given up for the next one, which goes on', async () => {
  first.behave(serve.stalling)
  await expectWhole(await download({ stallTimeoutMs: 150 }), second.url)
  second.behave(serve.stalling)
  await rm(join(folder, `${file.name}.gz`))
  await expect(download({ stallTimeoutMs: 100 })).rejects.toThrow(
    `${second.url}${file.name}.gz: expected the file, got no whole answer (nothing came for 0.1 s).`,
  )
})

test('a mirror that is slow but alive is waited for', async () => {
  first.behave(serve.slow(60)) // ten pieces, longer than the timeout together
  await expectWhole(await download({ stallTimeoutMs: 300 }), first.url)
})

test('an abort stops the download, keeps what came, and leaves no half-written file', async () => {
  first.behave(serve.slow(50))
  const controller = new AbortController()
  const onProgress: LoadOptions['onProgress'] = ({ loadedBytes }) => {
    if (loadedBytes > packed.length / 3) controller.abort()
  }
  await expect(download({ signal: controller.signal, onProgress })).rejects.toMatchObject({ code: 'aborted' })
  expect(await readdir(folder)).toEqual([`${file.name}.gz.part`])
  expect(second.requests).toEqual([])

  const kept = (await readFile(partPath())).length
  expect(kept).toBeGreaterThan(packed.length / 3)
  first.behave(serve.ranged)
  await expectWhole(await download(), first.url)
  expect(first.requests.at(-1)).toBe(`${request} bytes=${kept}-`)
})

test('a part grows on the disk while the download runs, for a process that is killed', async () => {
  first.behave(serve.slow(50))
  const running = download()
  while ((await readdir(folder)).length === 0) await sleep(10)
  expect(await readdir(folder)).toEqual([`${file.name}.gz.part`])
  await expectWhole(await running, first.url)
})

test('an error of the caller’s own callback comes through as it is', async () => {
  const onProgress = (): void => {
    throw new RangeError('mine')
  }
  await expect(download({ onProgress })).rejects.toThrow(RangeError)
})

test('two downloads of one file at once both come out whole', async () => {
  first.behave(serve.slow(10))
  const [a, b] = await Promise.all([download(), download()])
  expectSame(a.bytes, b.bytes)
  await expectWhole(a, first.url)
})
