import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { expectSame } from '../test/expect-same.ts'
import { altered, type Behaviour, breaking, type Mirror, ranged, startMirror } from '../test/mirror.node.ts'
import { gzip } from '../test/published.ts'
import { type Sample, sample } from '../test/sign-language.node.ts'
import { filePieces } from './file-pieces.node.ts'
import { type LoadSignLanguageOptions, loadSignLanguageFrom } from './load-sign-language.node.ts'
import type { SignLanguage } from './sign-language-data.ts'

const API = 'api/v1/datasets/download/datamunge/sign-language-mnist'
let data: Sample
let kaggle: Mirror
let room: string
let warnings: string[]

beforeAll(async () => {
  data = await sample()
})
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'gicho-sign-language-'))
  warnings = []
  // As Kaggle does it: the address redirects to a file elsewhere.
  kaggle = await startMirror(
    new Map([
      [API, data.zip],
      ['store.zip', data.zip],
    ]),
  )
  kaggle.behave(redirecting(ranged))
  vi.stubEnv('KAGGLE_API_ENDPOINT', kaggle.url)
  vi.stubEnv('KAGGLE_CONFIG_DIR', room)
  for (const name of ['KAGGLE_USERNAME', 'KAGGLE_KEY', 'GICHO_ASL_DIR']) vi.stubEnv(name, '')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await kaggle.close()
  await rm(room, { recursive: true, force: true })
})

function redirecting(serve: Behaviour): Behaviour {
  return (bytes, request, response) => {
    if (request.url?.startsWith('/store.zip')) return serve(bytes, request, response)
    response.writeHead(302, { location: '/store.zip' }).end()
  }
}

function load(options: LoadSignLanguageOptions = {}): Promise<SignLanguage> {
  const onWarning = (message: string): void => void warnings.push(message)
  return loadSignLanguageFrom(data.published, { cacheDir: join(room, 'cache'), onWarning, ...options })
}

function expectWhole({ train, test }: SignLanguage): void {
  expectSame(train.images, data.images.train)
  expectSame(test.images, data.images.test)
  expect(train).toMatchObject({ length: 300, split: 'train', labels: data.labels.train })
  expect(test).toMatchObject({ length: 48, split: 'test', labels: data.labels.test })
}

async function put(files: Readonly<Record<string, Uint8Array | string>>): Promise<string> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(room, 'mine', name)), { recursive: true })
    await writeFile(join(room, 'mine', name), bytes)
  }
  return join(room, 'mine')
}

const cached = (): Promise<string[]> => readdir(join(room, 'cache', 'sign-language'))
const KEPT = ['test-images.u8', 'test-labels.u8', 'train-images.u8', 'train-labels.u8']

test('a folder is read: CSVs in any form, also in folders of their names, or the zip', async () => {
  const train = data.csv('train')
  const folders: Record<string, Uint8Array>[] = [
    { 'sign_mnist_train.csv': train, 'sign_mnist_test.csv': data.csv('test', { newline: '\n' }) },
    { 'sign_mnist_train.csv.gz': await gzip(train), 'sign_mnist_valid.csv': data.csv('test', { labels: 'dli' }) },
    {
      'sign_mnist_train/sign_mnist_train.csv': train,
      'sign_mnist_test/sign_mnist_test.csv.gz': await gzip(data.csv('test')),
    },
    { 'archive.zip': data.zip },
  ]
  for (const files of folders) {
    const path = await put(files)
    const mnist = await load({ path, cacheDir: join(room, 'none') })
    expectWhole(mnist)
    expect(mnist.train.source).toBe(join(path, Object.keys(files)[0] ?? ''))
    await rm(path, { recursive: true })
    await rm(join(room, 'none'), { recursive: true })
  }
  expect([kaggle.requests, warnings]).toEqual([[], []])
})

test('files are read under any name: the zip, both CSVs as a list, or one with the other beside it', async () => {
  const path = await put({
    'a.bin': data.zip,
    'b.csv': data.csv('train'),
    'c.csv': data.csv('test'),
    'sign_mnist_train.csv': data.csv('train'),
    'sign_mnist_valid.csv.gz': await gzip(data.csv('test')),
  })
  expectWhole(await load({ path: join(path, 'a.bin'), mirrors: [], cacheDir: join(room, '1') }))
  expectWhole(await load({ path: [join(path, 'b.csv'), join(path, 'c.csv')], mirrors: [], cacheDir: join(room, '2') }))
  expectWhole(await load({ path: join(path, 'sign_mnist_train.csv'), mirrors: [], cacheDir: join(room, '3') }))
  expectWhole(await load({ path: join(path, 'sign_mnist_valid.csv.gz'), mirrors: [], cacheDir: join(room, '4') }))
})

test('one CSV alone is refused, wherever it is named: the other split never comes from another place', async () => {
  await load() // the cache could serve both
  const folder = await put({ 'sign_mnist_train.csv': data.csv('train') })
  const path = join(folder, 'sign_mnist_train.csv')
  const looked =
    'The test split was looked for as sign_mnist_test.csv or sign_mnist_valid.csv (plain or .gz) in ' +
    `${folder} and nowhere else: put it there, or name both files.`
  const alone = `expected both splits of Sign Language MNIST, got the train split alone (${path}). ${looked}`
  await expect(load({ path: folder })).rejects.toMatchObject({ code: 'not-found', message: `${folder}: ${alone}` })
  await expect(load({ path })).rejects.toThrow(`${path}: ${alone}`)
  vi.stubEnv('GICHO_ASL_DIR', folder)
  await expect(load()).rejects.toThrow(`GICHO_ASL_DIR, ${folder}: ${alone}`)
  await put({ 'b.csv': data.csv('test') })
  await expect(load({ path: join(folder, 'b.csv') })).rejects.toThrow(
    `got the test split alone (${join(folder, 'b.csv')}). Name the file of the train split, too: no other place is asked for it.`,
  )
  await expect(load({ path: [path, path] })).rejects.toThrow('got the train split alone')
  expectWhole(await load({ path: [path, join(folder, 'b.csv')] }))
})

test('a CSV beside the two that a list names is left alone', async () => {
  const folder = await put({
    'sign_mnist_train.csv': data.csv('train'),
    'sign_mnist_test.csv': 'label,p\n1,2\n',
    'mine/valid.csv': data.csv('test'),
  })
  expectWhole(await load({ path: [join(folder, 'sign_mnist_train.csv'), join(folder, 'mine', 'valid.csv')] }))
})

test('a cache that lost one split gives none: both come anew from one archive', async () => {
  await load()
  await rm(join(room, 'cache', 'sign-language', 'test-images.u8'))
  const { train, test: valid } = await load()
  expect([train.source, valid.source]).toEqual(Array(2).fill(`${kaggle.url}${API}?datasetVersionNumber=1`))
})

test('the second load takes the decoded bytes, until the file changes', async () => {
  const path = join(
    await put({ 'sign_mnist_train.csv': data.csv('train'), 'sign_mnist_test.csv': data.csv('test') }),
    '',
  )
  expectWhole(await load({ path }))
  expect((await cached()).sort()).toEqual(['known-files.json', ...KEPT])
  const again = await load({ path })
  expectWhole(again)
  expect(again.train.source).toBe(join(path, 'sign_mnist_train.csv'))

  await writeFile(join(path, 'sign_mnist_train.csv'), 'label,p\n1,2\n')
  await expect(load({ path })).rejects.toMatchObject({ code: 'bad-data' })
  expectWhole(await load({ mirrors: [] }))
  await writeFile(join(room, 'cache', 'sign-language', 'known-files.json'), '[{"path":1},2')
  await put({ 'sign_mnist_train.csv': data.csv('train') })
  expectWhole(await load({ path }))
  expect(warnings).toEqual([])
})

test('what is wrong in a named path is an error, and nothing else is tried', async () => {
  const path = await put({ 'photo.png': 'x' })
  await expect(load({ path })).rejects.toMatchObject({
    code: 'not-found',
    message:
      `${path}: expected sign_mnist_train.csv and sign_mnist_test.csv (or _valid; plain or .gz), or sign-language-mnist.zip, ` +
      'got a folder with photo.png. Put the files there, or name another path.',
  })
  await expect(load({ path: join(path, 'none') })).rejects.toThrow(
    `${join(path, 'none')}: expected the zip, a CSV, or a folder that has them, got nothing at this path. Check its spelling.`,
  )
  await expect(load({ path: join(path, 'x'.repeat(5000)) })).rejects.toMatchObject({
    code: 'io',
    message: expect.stringMatching(/: the path can't be looked at: the name is too long\. Check its permissions\.$/),
  })
  await expect(load({ path: join(path, 'photo.png') })).rejects.toMatchObject({ code: 'bad-data' })
  expect(kaggle.requests).toEqual([])
})

test('data taken on trust stays out of the cache', async () => {
  const csv = new TextEncoder().encode(new TextDecoder().decode(data.csv('train')).replace(/\d(?=\r\n$)/, '0'))
  const path = await put({
    'sign_mnist_train.csv': csv.with(csv.length - 3, 49),
    'sign_mnist_test.csv': data.csv('test'),
  })
  await expect(load({ path })).rejects.toMatchObject({ code: 'bad-hash' })
  const { train } = await load({ path, trust: true })
  expect(train).toMatchObject({ split: 'train', length: 300 })
  expect((await cached()).filter((name) => name.startsWith('train'))).toEqual([])
})

test('the folder in GICHO_ASL_DIR comes before cache and Kaggle; where it is gone, they serve', async () => {
  const path = await put({ 'archive.zip': data.zip })
  vi.stubEnv('GICHO_ASL_DIR', path)
  const mnist = await load()
  expectWhole(mnist)
  expect(mnist.train.source).toBe(join(path, 'archive.zip'))
  vi.stubEnv('GICHO_ASL_DIR', join(room, 'gone'))
  expect((await load()).train.source).toBe(`cache ${join(room, 'cache', 'sign-language')}`)
  expect(warnings).toEqual([expect.stringMatching(/^GICHO_ASL_DIR, .+gone: expected the zip/)])
  expect(kaggle.requests).toEqual([])
})

test('Kaggle gives the data without an account; the next load needs no network', async () => {
  const seen: number[] = []
  const mnist = await load({ onProgress: ({ loadedBytes }) => seen.push(loadedBytes) })
  expectWhole(mnist)
  expect(kaggle.requests).toEqual([`GET /${API}?datasetVersionNumber=1`, 'GET /store.zip'])
  expect(kaggle.headers[0]?.authorization).toBeUndefined()
  expect(seen.at(-1)).toBe(data.zip.length)
  expect((await cached()).sort()).toEqual(KEPT)
  const again = await load({ mirrors: [] })
  expectWhole(again)
  expect(again.test.source).toBe(`cache ${join(room, 'cache', 'sign-language')}`)
  expect(warnings).toEqual([])
})

test('an account is shown only to a server that refuses strangers: of the variables, else of kaggle.json; a damaged one is a warning', async () => {
  vi.stubEnv('KAGGLE_API_ENDPOINT', `${kaggle.url}api/v1/`)
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`
  const authorization = async (): Promise<string | undefined> => {
    await rm(join(room, 'cache'), { recursive: true, force: true })
    kaggle.headers.length = 0
    expectWhole(await load())
    expect(kaggle.headers[0]?.authorization).toBeUndefined()
    return kaggle.headers[1]?.authorization
  }
  kaggle.behave((bytes, request, response) => {
    const stranger = request.url?.startsWith(`/${API}`) && !request.headers.authorization?.startsWith('Basic')
    if (stranger && known) response.writeHead(403).end()
    else redirecting(ranged)(bytes, request, response)
  })
  let known = true
  await writeFile(join(room, 'kaggle.json'), '{"username":"me","key":"secret"}')
  expect(await authorization()).toBe(basic('me:secret'))
  vi.stubEnv('KAGGLE_USERNAME', 'you')
  vi.stubEnv('KAGGLE_KEY', 'other')
  expect(await authorization()).toBe(basic('you:other'))
  vi.stubEnv('KAGGLE_KEY', '')
  known = false
  expect(await authorization()).toBeUndefined()
  for (const text of ['{"username":"me"}', '{', '7']) {
    await writeFile(join(room, 'kaggle.json'), text)
    known = true
    await rm(join(room, 'cache'), { recursive: true, force: true })
    await expect(load()).rejects.toThrow('expected status 200, got 403 Forbidden.')
    expect(warnings.splice(0)).toEqual([
      `${join(room, 'kaggle.json')}: expected {"username": …, "key": …}, got something else. Kaggle is asked without an account.`,
    ])
  }
})

test('an account never goes to another host that the answer points to', async () => {
  const store = await startMirror(new Map([['store.zip', data.zip]]))
  vi.stubEnv('KAGGLE_USERNAME', 'me')
  vi.stubEnv('KAGGLE_KEY', 'secret')
  kaggle.behave((_bytes, request, response) => {
    if (!request.headers.authorization) response.writeHead(401).end()
    else response.writeHead(302, { location: `${store.url}store.zip` }).end()
  })
  expectWhole(await load())
  expect(kaggle.headers.map(({ authorization }) => authorization !== undefined)).toEqual([false, true])
  expect(store.headers.map(({ authorization }) => authorization)).toEqual([undefined])
  await store.close()
})

test('a download that breaks off goes on where it stopped, also in the next load', async () => {
  kaggle.behave(redirecting(breaking(0.3)))
  await load().catch(() => undefined)
  kaggle.behave(redirecting(ranged))
  kaggle.requests.length = 0
  expectWhole(await load())
  expect(kaggle.requests.at(-1)).toMatch(/^GET \/store\.zip bytes=\d+-$|^GET \/store\.zip$/)
  expect(kaggle.requests.some((request) => request.includes('bytes='))).toBe(true)
})

test('an altered archive, or a page in its place, is refused', async () => {
  kaggle.behave(altered(ranged))
  await expect(load()).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining("It isn't the published file: get it anew."),
  })
  kaggle.behave((_bytes, _request, response) => void response.end('<html>Sign in</html>'))
  await expect(load()).rejects.toThrow('expected a zip archive, got one that begins with 3c 68 74.')
})

test('without any data the error says the three ways to get it', async () => {
  await kaggle.close()
  const place = `cache ${join(room, 'cache', 'sign-language')}`
  await expect(load()).rejects.toMatchObject({
    code: 'not-found',
    message: [
      'sign-language-mnist.zip was looked for everywhere and not found:',
      `- ${place}: holds no decoded train split.`,
      `- ${place}: holds no decoded test split.`,
      `- ${place}: holds no sign-language-mnist.zip.`,
      `- ${kaggle.url}${API}?datasetVersionNumber=1#sign-language-mnist.zip: expected the file, got no whole answer ` +
        `(connect ECONNREFUSED ${new URL(kaggle.url).host}).`,
      'Three ways to get the data: (1) with a network, start again: it comes from Kaggle, 66 MB, no login needed; ' +
        '(2) download it in a browser from https://www.kaggle.com/datasets/datamunge/sign-language-mnist and name the zip ' +
        '(option path, on the command line --data); (3) name a folder that has sign_mnist_train.csv and sign_mnist_test.csv ' +
        'in the variable GICHO_ASL_DIR.',
    ].join('\n'),
  })
})

test('a damaged copy in the cache is replaced, with a warning', async () => {
  await load()
  const path = join(room, 'cache', 'sign-language', 'test-images.u8')
  await writeFile(path, (await readFile(path)).fill(0, 5, 9))
  expectWhole(await load())
  expect(warnings).toEqual([
    `cache ${dirname(path)}, test-images.u8: expected the published test split, got other bytes. The copy is replaced.`,
  ])
  expectSame(await readFile(path), data.images.test)
})

test('a cache that cannot be written is a warning, and the load works', async () => {
  await writeFile(join(room, 'file'), '')
  expectWhole(
    await load({ path: await put({ 'a.zip': data.zip, 'archive.zip': data.zip }), cacheDir: join(room, 'file') }),
  )
  expect(warnings).toEqual([
    expect.stringMatching(/can't be written: .+ The data is decoded anew at the next start\.$/),
  ])
})

test('a signal that has fired stops the load', async () => {
  await expect(load({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
})

test('a path that cannot be read is an error of its own', async () => {
  const pieces = filePieces(join(room, 'none'))
  await expect(pieces.next()).rejects.toMatchObject({
    code: 'not-found',
    message: `${join(room, 'none')}: expected a file, but it can't be read: there is nothing of that name. Check its spelling.`,
  })
  await expect(filePieces(room).next()).rejects.toThrow('expected a file, got a folder')
})
