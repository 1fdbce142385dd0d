import { createHash } from 'node:crypto'
import { formatShape, type ImageDataset } from '@gicho/core'
import { datasetCredits } from '@gicho/datasets'
import { describeArray } from '@gicho/preprocess'
import { defineCommand, type SubCommandsDef } from 'citty'
import { datasetNames, loadData } from '../data.ts'
import type { Io } from '../io.ts'
import { chooseLanguage } from '../language.ts'
import { dataOption, jsonOption, languageOption, trustOption } from '../options.ts'
import { phrases } from '../phrases.ts'
import { gridLines } from '../terminal/picture.ts'
import { bold, type Screen, writeLine, writePairs } from '../terminal/screen.ts'
import { tableLines } from '../terminal/table.ts'
import { MOST, oneOf, wholeNumber } from '../usage.ts'

const name = { type: 'positional', required: true, description: datasetNames.join(', ') } as const

const infoArgs = { name, data: dataOption, trust: trustOption, json: jsonOption, lang: languageOption } as const

/** `gicho data info NAME`: what a dataset holds and where it came from. */
const info: SubCommandsDef[string] = defineCommand({
  meta: { name: 'info', description: 'Shapes, counts, range, source and checksums of a dataset' },
  args: infoArgs,
  async run({ args: given, data }) {
    const { stdout, stderr, env, event }: Io = data
    const dataset = oneOf('dataset', given.name, datasetNames)
    const say = phrases[chooseLanguage(given.lang, env)]
    const { train, test } = await loadData(dataset, {
      path: given.data,
      trust: given.trust === true,
      screen: given.json ? stderr : stdout,
      say,
    })
    if (given.json) {
      const parts = Object.fromEntries([train, test].map((part) => [part.split, partEvent(part)]))
      event({ event: 'dataset', dataset, source: train.source, classNames: train.classNames, ...parts })
      return
    }
    writeLine(stdout, bold(stdout, dataset))
    const { title, authors, licence, licenceUrl } = datasetCredits[dataset]
    writePairs(stdout, [
      ['source', train.source],
      ['published as', title],
      ['authors', authors],
      ['licence', `${licence}, ${licenceUrl}`],
    ])
    for (const part of [train, test]) describePart(stdout, part)
    writeLine(stdout)
    const rows = train.classNames.map((label, c) => [label, String(countOf(train, c)), String(countOf(test, c))])
    for (const line of tableLines(stdout, ['class', 'train', 'test'], rows)) writeLine(stdout, line)
  },
})

/** What `data info --json` says of a part. */
function partEvent(part: ImageDataset): Record<string, unknown> {
  const { shape, dtype, min, max } = describeArray(part.images, [part.length, ...part.shape])
  const counts = part.classNames.map((_, label) => countOf(part, label))
  const [images, labels] = checksums(part).map(([, sum]) => sum)
  return { shape, dtype, min, max, counts, sha256: { images, labels } }
}

function describePart(screen: Screen, part: ImageDataset): void {
  const images = describeArray(part.images, [part.length, ...part.shape])
  writeLine(screen)
  writeLine(screen, bold(screen, part.split))
  writePairs(screen, [
    ['images', `${formatShape(images.shape)} ${images.dtype}, ${images.min} to ${images.max}`],
    ['labels', `${formatShape([part.length])}, ${part.classNames.length} classes`],
    ...checksums(part),
  ])
}

/** Those that are published: of MNIST the unpacked IDX files', of sign language the decoded arrays'. */
function checksums(part: ImageDataset): [string, string][] {
  if (part.classNames.length !== 10) {
    return [
      ['sha256 of the images', sha256(part.images)],
      ['sha256 of the labels', sha256(part.labels)],
    ]
  }
  return [
    ['sha256 of the images as IDX', idxSha256([part.length, ...part.shape.slice(0, 2)], part.images)],
    ['sha256 of the labels as IDX', idxSha256([part.length], part.labels)],
  ]
}

function sha256(bytes: Uint8Array | Uint16Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The checksum of the unpacked IDX file that holds these bytes, to be compared with the published one. */
function idxSha256(sizes: readonly number[], bytes: Uint8Array | Uint16Array): string {
  const unsignedByte = 0x08
  const header = Buffer.alloc(4 + 4 * sizes.length)
  header.writeUInt32BE((unsignedByte << 8) | sizes.length, 0)
  for (const [axis, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * axis)
  return createHash('sha256').update(header).update(bytes).digest('hex')
}

function countOf(part: ImageDataset, label: number): number {
  let count = 0
  for (const value of part.labels) if (value === label) count++
  return count
}

const fetchArgs = { name, lang: languageOption } as const

/** `gicho data fetch NAME`: brings a dataset into the cache, so that a lesson starts at once and without a network. */
const fetchData: SubCommandsDef[string] = defineCommand({
  meta: { name: 'fetch', description: 'Bring a dataset into the cache' },
  args: fetchArgs,
  async run({ args: given, data }) {
    const { stdout, env }: Io = data
    const dataset = oneOf('dataset', given.name, datasetNames)
    const say = phrases[chooseLanguage(given.lang, env)]
    const { train, test } = await loadData(dataset, { screen: stdout, say })
    writePairs(stdout, [
      ['source', train.source],
      ['images', `${train.length} to train on, ${test.length} for validation`],
    ])
  },
})

const showArgs = {
  name,
  split: { type: 'string', valueHint: 'train|test', default: 'train', description: 'Which part' },
  from: { type: 'string', valueHint: 'n', default: '0', description: 'The first image, counted from 0' },
  count: { type: 'string', valueHint: 'n', default: '10', description: 'How many images' },
  data: dataOption,
  trust: trustOption,
  lang: languageOption,
} as const

/** `gicho data show NAME`: draws images, each under its number and label. */
const show: SubCommandsDef[string] = defineCommand({
  meta: { name: 'show', description: 'Draw images of a dataset in the terminal' },
  args: showArgs,
  async run({ args: given, data }) {
    const { stdout, env }: Io = data
    const dataset = oneOf('dataset', given.name, datasetNames)
    const split = oneOf('--split', given.split, ['train', 'test'])
    const count = wholeNumber('--count', given.count, 1, 1000)
    const first = wholeNumber('--from', given.from, 0, MOST.images)
    const say = phrases[chooseLanguage(given.lang, env)]
    const parts = await loadData(dataset, { path: given.data, trust: given.trust === true, screen: stdout, say })
    const { images, labels, shape, length, classNames } = parts[split]
    const from = wholeNumber('--from', String(first), 0, length - 1)
    const size = shape[0] * shape[1] * shape[2]
    const pictures = Array.from({ length: Math.min(count, length - from) }, (_, i) => ({
      title: `${from + i}: ${classNames[labels[from + i] ?? 0] ?? '?'}`,
      pixels: images.subarray((from + i) * size, (from + i + 1) * size),
      shape,
    }))
    for (const line of gridLines(stdout, pictures, 10, 'grey')) writeLine(stdout, line)
  },
})

/** `gicho data`: looks at datasets. */
export const data: SubCommandsDef[string] = defineCommand({
  meta: { name: 'data', description: 'Look at a dataset' },
  subCommands: { fetch: fetchData, info, show },
})
