import { readFileSync } from 'node:fs'
import { crc32, gzipSync } from 'node:zlib'
import { type Checkpoint, decodeRunCard, encodeRunCard, RandomState, unitRange } from '@gicho/core'
import { parseCsvTable, parseIdxImages, parseIdxLabels, parseImageCsv, readSignLanguage } from '@gicho/datasets'
import { fromFiles, type ModelFiles, toFiles } from '@gicho/models'
import { decodeImage } from '@gicho/preprocess'
import { decodeCheckpoint, encodeCheckpoint } from '@gicho/trainer'
import * as tfl from '@tensorflow/tfjs-layers'
import '@tensorflow/tfjs-backend-cpu'
import { runCardExample } from '../../apps/node/test/run-card-example.ts'
import { zip } from '../../packages/datasets/test/zip.node.ts'
import { type Draw, mutate } from './mutate.ts'

/** A format that is read from files of others: small whole files, and the reader. */
export interface Format {
  readonly seeds: readonly Uint8Array[]
  /** Rejects, or gives anything. @param seed which of the seeds the bytes were */
  read(bytes: Uint8Array, seed: number): Promise<unknown>
  /** Default: as `mutate` does. */
  damage?(bytes: Uint8Array, draw: Draw): Uint8Array
}

const text = new TextEncoder()
const checkpoint: Checkpoint = {
  recipe: 'mnist',
  weights: [{ name: 'dense/kernel', shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  optimizer: [{ name: 'rms/dense/kernel', shape: [3, 2], values: new Float32Array(6) }],
  random: new RandomState(1).snapshot(),
  rowsOfPass: 64,
  epoch: 1,
  progress: { steps: 2, samples: 64, loss: 80.5, correct: 10 },
  seconds: 0.25,
  learningRate: 1e-3,
  history: [{ epoch: 1, loss: 1, accuracy: 0, seconds: 1, msPerStep: 1 }],
}

/** By name. */
export async function formats(): Promise<Readonly<Record<string, Format>>> {
  return {
    model: await modelFormat(),
    safetensors: {
      seeds: [encodeCheckpoint(checkpoint), withoutChecksum()],
      read: async (bytes) => decodeCheckpoint(bytes),
    },
    'run.json': { seeds: [encodeRunCard(runCardExample)], read: async (bytes) => decodeRunCard(bytes, 'run.json') },
    zip: zipFormat(),
    csv: csvFormat(),
    idx: idxFormat(),
    png: { ...pictures('grey.png', 'rgba.png', 'palette-4-bits.png', 'interlaced.png'), damage: damagePng },
    jpeg: pictures('420.jpg', 'progressive.jpg', 'exif-6.jpg'),
    webp: pictures('lossy.webp', 'lossless.webp', 'alpha.webp', 'turned.webp'),
  }
}

/** An older version's file: nothing stands between the damage and the reader. */
function withoutChecksum(): Uint8Array {
  const latin = Buffer.from(encodeCheckpoint(checkpoint)).toString('latin1')
  return new Uint8Array(Buffer.from(latin.replace('"formatVersion":"2"', '"formatVersion":"1"'), 'latin1'))
}

function pictures(...names: readonly string[]): Format {
  const folder = new URL('../../packages/preprocess/fixtures/images/', import.meta.url)
  return {
    seeds: names.map((name) => new Uint8Array(readFileSync(new URL(name, folder)))),
    read: (bytes) => decodeImage(bytes, 'x'),
  }
}

/** Half of the damaged files get their checksums mended, or nothing but those would be tested. */
function damagePng(bytes: Uint8Array, draw: Draw): Uint8Array {
  const damaged = mutate(bytes, draw)
  if (draw(2) === 0) return damaged
  const view = new DataView(damaged.buffer, damaged.byteOffset, damaged.byteLength)
  for (let at = 8; at + 12 <= damaged.length; ) {
    const end = at + 8 + view.getUint32(at)
    if (end + 4 > damaged.length) break
    view.setUint32(end, crc32(damaged.subarray(at + 4, end)))
    at = end + 4
  }
  return damaged
}

/** A model's files as one: which of the two is damaged is drawn. */
async function modelFormat(): Promise<Format> {
  const input = tfl.input({ shape: [4, 4, 1] })
  const conv = tfl.layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same', activation: 'relu' }).apply(input)
  const flat = tfl.layers.flatten().apply(conv)
  const dense = tfl.layers.dense({ units: 3, activation: 'softmax' }).apply(flat)
  if (!(dense instanceof tfl.SymbolicTensor)) throw new Error('one symbolic tensor was expected')
  const model = tfl.model({ inputs: input, outputs: dense })
  const files = await toFiles({ model, classNames: ['a', 'b', 'c'], input: unitRange([4, 4, 1]) })
  model.dispose()
  const [json, weights] = [files.get('model.json'), files.get('weights.bin')]
  if (!json || !weights) throw new Error('model.json and weights.bin were expected')
  return {
    seeds: [json, json, json, weights],
    async read(bytes, seed) {
      const damaged: ModelFiles = new Map([...files, [seed < 3 ? 'model.json' : 'weights.bin', new Uint8Array(bytes)]])
      const loaded = await fromFiles(damaged)
      loaded.model.dispose()
    },
  }
}

function zipFormat(): Format {
  const csv = text.encode(`label,${Array.from({ length: 784 }, (_, i) => `pixel${i + 1}`)}\n3,${Array(784).fill(7)}\n`)
  const names = ['sign_mnist_train.csv', 'sign_mnist_test.csv', 'a/notes.txt']
  const archive = (method: 0 | 8): Uint8Array => zip(names.map((path) => ({ path, bytes: csv, method })))
  return {
    seeds: [archive(8), archive(0)],
    read: (bytes) => readSignLanguage([new File([new Uint8Array(bytes)], 'x.zip')], { trust: true }),
  }
}

function csvFormat(): Format {
  const rows = Array.from({ length: 40 }, (_, i) => [i % 25, i, 255 - i, 7, '"12"'].join(','))
  const csv = ['label,pixel1,pixel2,"pixel3",pixel4', ...rows, ''].join('\r\n')
  return {
    seeds: [text.encode(csv), text.encode(`\ufeff${csv.replaceAll('\r', '')}`)],
    async read(bytes) {
      await parseCsvTable([bytes.subarray(0, 99), bytes.subarray(99)], 'x.csv')
      await parseImageCsv([bytes], { shape: [2, 2, 1], where: 'x.csv' })
    },
  }
}

function idxFormat(): Format {
  const images = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6, ...Array(120).keys()])
  const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 9, ...Array(9).keys()])
  return {
    seeds: [images, labels, gzipSync(images), gzipSync(labels)].map((bytes) => new Uint8Array(bytes)),
    async read(bytes, seed) {
      await (seed % 2 === 0 ? parseIdxImages(bytes, 'x') : parseIdxLabels(bytes, 'x'))
    },
  }
}
