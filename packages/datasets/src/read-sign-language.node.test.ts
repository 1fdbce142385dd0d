import { isGichoError } from '@gicho/core'
import { beforeAll, expect, test } from 'vitest'
import { expectSame } from '../test/expect-same.ts'
import { gzip } from '../test/published.ts'
import { type Sample, sample } from '../test/sign-language.node.ts'
import { zip } from '../test/zip.node.ts'
import { blobFile } from './byte-file.ts'
import {
  bySplit,
  type FoundSplit,
  type ReadSignLanguageOptions,
  readSignLanguage,
  readSignLanguageParts,
  readSplits,
} from './read-sign-language.ts'

let data: Sample

beforeAll(async () => {
  data = await sample()
})

function read(name: string, bytes: Uint8Array, options: ReadSignLanguageOptions = {}): Promise<readonly FoundSplit[]> {
  return readSplits(blobFile(new File([new Uint8Array(bytes)], name)), data.published, options)
}

test('every published form gives the same arrays, with labels 0..23', async () => {
  for (const newline of ['\n', '\r\n'] as const) {
    for (const labels of ['kaggle', 'dli'] as const) {
      const csv = data.csv('test', { newline, labels })
      for (const [name, bytes] of [
        ['sign_mnist_test.csv', csv],
        ['sign_mnist_valid.csv', csv],
        ['whatever', await gzip(csv)],
      ] as const) {
        const [found, ...more] = await read(name, bytes)
        expect(more).toEqual([])
        expectSame(found?.data.images, data.images.test)
        expect(found).toMatchObject({
          published: true,
          data: { split: 'test', length: 48, shape: [28, 28, 1], source: name, labels: data.labels.test },
        })
        expect(found?.data.classNames.join('')).toBe('abcdefghiklmnopqrstuvwxy')
      }
    }
  }
})

test("Kaggle's zip gives both splits", async () => {
  const { train, test: valid } = bySplit(await read('archive.zip', data.zip))
  expectSame(train?.images, data.images.train)
  expectSame(valid?.images, data.images.test)
  expect([train?.source, valid?.labels]).toEqual(['archive.zip', data.labels.test])
})

test('a file with one split alone gives that one', async () => {
  const half = new File([new Uint8Array(data.csv('test'))], 'sign_mnist_test.csv')
  const { train, test: valid } = await readSignLanguageParts([half], { trust: true })
  expect([train, valid?.length]).toEqual([undefined, 48])
  expect(await readSignLanguageParts([])).toEqual({})
  await expect(readSignLanguageParts([half, half], { trust: true })).rejects.toMatchObject({ code: 'bad-argument' })
  const told: unknown[] = []
  const onBadFile = ({ name }: { name: string }, error: unknown): unknown =>
    told.push([name, isGichoError(error) && error.code])
  const photo = new File(['x'], 'hand.png')
  expect(await readSignLanguageParts([photo, half, half], { trust: true, onBadFile })).toMatchObject({
    test: { length: 48 },
  })
  expect(told).toEqual([
    ['hand.png', 'bad-data'],
    ['sign_mnist_test.csv', 'bad-argument'],
  ])
})

test('a zip with other members is refused, and lists what it has', async () => {
  const bytes = new Uint8Array(3)
  const members = Array.from({ length: 9 }, (_, i) => ({ path: `${i}.png`, bytes }))
  await expect(read('x.zip', zip(members))).rejects.toMatchObject({
    code: 'bad-data',
    message:
      'x.zip: expected an archive with sign_mnist_train.csv and sign_mnist_test.csv (or _valid), got 0.png, 1.png, 2.png, ' +
      "3.png, 4.png, 5.png, 6.png, 7.png and 1 more. Give Kaggle's sign-language-mnist.zip, or the CSVs themselves.",
  })
  await expect(read('x.zip', zip([]))).rejects.toThrow('got an empty one.')
  await expect(read('x.zip', zip([{ path: '../sign_mnist_train.csv', bytes }]))).rejects.toThrow("isn't safe to unpack")
})

test('other data is refused with the known forms and the way around, and taken on trust', async () => {
  const csv = data.csv('test')
  const altered = csv.with(csv.length - 3, csv[csv.length - 3] === 49 ? 50 : 49)
  await expect(read('sign_mnist_valid.csv', altered)).rejects.toMatchObject({
    code: 'bad-hash',
    message: expect.stringMatching(
      /^sign_mnist_valid\.csv: expected the published images and labels of Sign Language MNIST, got 48 rows with others \(SHA-256 of the pixels [0-9a-f]{64}\)\. Known forms: Kaggle's CSVs with CRLF, the same with LF, NVIDIA DLI's CSVs with labels 0\.\.23, each plain or \.gz, and Kaggle's zip\. Get one of these; or, if this data is what you want, say so: option trust, on the command line --trust\.$/,
    ),
  })
  const trusted = await read('sign_mnist_valid.csv', altered, { trust: true })
  expect(trusted).toMatchObject([{ published: false, data: { split: 'test', labels: data.labels.test } }])
  await expect(read('mine.csv', altered, { trust: true })).rejects.toMatchObject({
    code: 'bad-argument',
    message:
      'mine.csv: expected a file name with train, test or valid in it, got mine.csv. ' +
      "The data isn't the published one, so only its name can tell the split: rename it.",
  })
})

test('the data tells the split, not the name', async () => {
  expect(await read('sign_mnist_train.csv', data.csv('test'))).toMatchObject([{ data: { split: 'test' } }])
})

test('a file that is cut off is refused by its row', async () => {
  const csv = data.csv('test')
  await expect(read('t.csv', csv.subarray(0, -300))).rejects.toThrow(/^t\.csv, row 48 \(line 49\): expected 785 cells/)
  await expect(read('t.csv.gz', (await gzip(csv)).subarray(0, -300))).rejects.toThrow(
    't.csv.gz: expected whole gzip data, got some that is damaged or cut off. Get it anew.',
  )
  await expect(read('t.zip', data.zip.subarray(0, -300))).rejects.toThrow('Get it anew.')
})

test('two files for one split are refused', async () => {
  const found = [...(await read('a.csv', data.csv('test'))), ...(await read('b.csv', data.csv('test')))]
  expect(() => bySplit(found)).toThrow('Expected one file for the test split, got a.csv and b.csv. Name one of them.')
})

test('a page that is given one split, or none, is told what is missing', async () => {
  await expect(readSignLanguage([])).rejects.toMatchObject({
    code: 'not-found',
    message:
      'Expected both splits of Sign Language MNIST, got no file, without the train split. ' +
      "Give Kaggle's zip, or both sign_mnist_train.csv and sign_mnist_test.csv.",
  })
  const file = new File([new Uint8Array(data.csv('train'))], 'train.csv')
  await expect(readSignLanguage([file], { trust: true })).rejects.toThrow('got train.csv, without the test split.')
})

test('the files of one drop share what they may have', async () => {
  const file = (name: string): ReturnType<typeof blobFile> =>
    blobFile(new File([new Uint8Array(data.csv('test'))], name))
  const allowance = { leftBytes: Math.floor(1.5 * data.csv('test').length) }
  await readSplits(file('a.csv'), data.published, {}, allowance)
  await expect(readSplits(file('b.csv'), data.published, {}, allowance)).rejects.toMatchObject({
    code: 'bad-data',
    message: expect.stringMatching(/^b\.csv: expected at most \d+ bytes, got more\./),
  })
})

test('a signal stops the reading', async () => {
  const signal = AbortSignal.abort()
  await expect(read('t.csv', data.csv('test'), { signal })).rejects.toMatchObject({ code: 'aborted' })
  const later = new AbortController()
  const packed = await gzip(data.csv('test'))
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield packed.subarray(0, 1000)
    later.abort()
    yield packed.subarray(1000)
  }
  const file = { name: 't.csv.gz', where: 't.csv.gz', pieces }
  await expect(readSplits(file, data.published, { signal: later.signal })).rejects.toMatchObject({ code: 'aborted' })
})
