import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Split } from '@gicho/core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { zip } from '../test/zip.node.ts'
import { blobFile } from './byte-file.ts'
import { describeDataset } from './describe-dataset.ts'
import { loadSignLanguage } from './load-sign-language.node.ts'
import { readSignLanguage, readSplits } from './read-sign-language.ts'
import { sha256Hex } from './sha256.ts'
import { SIGN_LANGUAGE, type SignLanguage } from './sign-language-data.ts'

/** The real data, which not every machine has. */
const FOLDER = process.env.GICHO_ASL_DIR || fileURLToPath(new URL('../../../../shared/data/asl', import.meta.url))
const here = existsSync(FOLDER)
if (!here) {
  console.warn(`Skipped: Sign Language MNIST is not at ${FOLDER}. Name a folder that has it in GICHO_ASL_DIR.`)
}

const COUNTS = {
  train: [
    1126, 1010, 1144, 1196, 957, 1204, 1090, 1013, 1162, 1114, 1241, 1055, 1151, 1196, 1088, 1279, 1294, 1199, 1186,
    1161, 1082, 1225, 1164, 1118,
  ],
  test: [
    331, 432, 310, 245, 498, 247, 348, 436, 288, 331, 209, 394, 291, 246, 347, 164, 144, 246, 248, 266, 346, 206, 267,
    332,
  ],
}
/** SHA-256 of the published files. */
const KAGGLE = '0e9d67bae23e67f40728e0b63bf15ad4bd5175947b8a9fac5dd9f17ce133c47b'
const DLI = '0d1d67f8d6208ad951619e41c2ea92aa50e24337b8dfc0fb366b787a34eafc3a'

let room: string
let data: SignLanguage

beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'gicho-real-'))
  if (here) data = await loadSignLanguage({ path: FOLDER, cacheDir: room, mirrors: [] })
})
afterAll(() => rm(room, { recursive: true, force: true }))

test.skipIf(!here)('the real data decodes to the published arrays', async () => {
  for (const split of ['train', 'test'] as const) {
    const { images, labels } = data[split]
    expect(await sha256Hex(images)).toBe(SIGN_LANGUAGE.splits[split].imagesSha256)
    expect(await sha256Hex(Uint8Array.from(labels))).toBe(SIGN_LANGUAGE.splits[split].labelsSha256)
  }
})

test.skipIf(!here)('its counts are those that were published, without duplicates in or between the splits', () => {
  const { classes, duplicates, imagesRange, labelsRange } = describeDataset(data.train, { other: data.test })
  expect(classes.map(({ count }) => count)).toEqual(COUNTS.train)
  expect(describeDataset(data.test).classes.map(({ count }) => count)).toEqual(COUNTS.test)
  expect(duplicates).toEqual({ images: 0, otherLabel: 0, inOther: 0 })
  expect([imagesRange, labelsRange]).toEqual([
    [0, 255],
    [0, 23],
  ])
})

test.skipIf(!here)('the forms of Kaggle, with CRLF, and of the course, with labels 0..23, give the same', async () => {
  for (const [form, name, hash] of [
    ['kaggle', 'sign_mnist_test.csv', KAGGLE],
    ['dli', 'sign_mnist_valid.csv', DLI],
  ] as const) {
    const csv = csvOf('test', form)
    expect(await sha256Hex(csv)).toBe(hash) // the very file that was published
    const found = await readSplits(blobFile(new File([csv], name)), SIGN_LANGUAGE, {})
    expect(found).toMatchObject([{ published: true, data: { split: 'test', length: 7172 } }])
  }
})

test.skipIf(!here)('an archive of both gives the same', async () => {
  const archive = zip([
    { path: 'sign_mnist_train.csv', bytes: csvOf('train', 'kaggle'), method: 0 },
    { path: 'sign_mnist_test.csv', bytes: csvOf('test', 'kaggle'), method: 0 },
  ])
  const found = await readSignLanguage([new File([new Uint8Array(archive)], 'sign-language-mnist.zip')])
  expect([found.train.length, found.test.length]).toEqual([27455, 7172])
})

test.skipIf(!here)('the second start takes milliseconds', async () => {
  vi.stubEnv('GICHO_ASL_DIR', '') // the cache is asked last
  const times: number[] = []
  for (let i = 0; i < 5; i++) {
    const start = performance.now()
    expect((await loadSignLanguage({ cacheDir: room, mirrors: [] })).train.source).toContain(room)
    times.push(performance.now() - start)
  }
  // About 40 ms on a quiet core, most of it for the hashes; ten times that is still no new decoding under load.
  expect(Math.min(...times)).toBeLessThan(400)
  vi.unstubAllEnvs()
})

/** The published CSV, written anew from the arrays. */
function csvOf(split: Split, form: 'kaggle' | 'dli'): Uint8Array<ArrayBuffer> {
  const { images, labels, length } = data[split]
  const text = Array.from({ length: 256 }, (_, i) => Buffer.from(`,${i}`))
  const header = `label${Array.from({ length: 784 }, (_, i) => `,pixel${i + 1}`).join('')}\r\n`
  const out = Buffer.alloc(header.length + length * (785 * 4 + 2))
  let at = out.write(header)
  for (let row = 0; row < length; row++) {
    const label = labels[row] ?? 0
    at += out.write(String(form === 'kaggle' && label > 8 ? label + 1 : label), at)
    for (let i = row * 784; i < (row + 1) * 784; i++) at += text[images[i] ?? 0]?.copy(out, at) ?? 0
    at += out.write('\r\n', at)
  }
  return new Uint8Array(out.buffer, out.byteOffset, at)
}
