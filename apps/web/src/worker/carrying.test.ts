import '@tensorflow/tfjs-backend-cpu'
import { encodeRunCard, RandomState, unitRange } from '@gicho/core'
import { toFiles } from '@gicho/models'
import { encodeCheckpoint } from '@gicho/trainer'
import * as tfl from '@tensorflow/tfjs-layers'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { packRun, takeRun } from './carrying.ts'
import { memoryTree } from './keeping/file-tree.ts'
import { RunStore } from './keeping/run-store.ts'
import { sampleCard } from './keeping/sample-card.ts'

async function modelFiles(classNames: string[]): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const model = tfl.sequential({ layers: [tfl.layers.dense({ units: classNames.length, inputShape: [4] })] })
  return new Map(await toFiles({ model, classNames, input: unitRange([4]) }))
}

async function zipOf(files: Readonly<Record<string, Uint8Array>>, name = 'run.zip'): Promise<File> {
  return new File([new Uint8Array(zipSync(files))], name)
}

test('a run that was packed is the same run elsewhere', async () => {
  const here = new RunStore(memoryTree())
  const files = await modelFiles([...'0123456789'])
  const inFolder = Object.fromEntries([...files].map(([name, bytes]) => [`x/model/${name}`, bytes]))
  const card = encodeRunCard({ ...sampleCard, model: 'model' })
  const place = await takeRun(here, [await zipOf({ 'x/run.json': card, ...inFolder })])
  const { name, bytes } = await packRun(here, await here.find(place))
  expect(name).toBe('gicho-mnist-1.zip')
  const there = new RunStore(memoryTree())
  const run = await there.find(await takeRun(there, [new File([bytes], name)]))
  expect(run.card).toEqual({ ...sampleCard, model: 'model' })
  expect((await there.modelFiles(run)).get('weights.bin')).toEqual(files.get('weights.bin'))
})

test('a model without a run, as loose files, gets a card of its own', async () => {
  const store = new RunStore(memoryTree())
  const files = [...(await modelFiles([...'abc']))].map(([name, bytes]) => new File([bytes], name))
  const run = await store.find(await takeRun(store, files))
  expect(run).toMatchObject({ recipe: 'asl-deploy', card: { status: 'done', parameters: 15, model: 'model' } })
})

test('a model or a checkpoint whose weights are no numbers is refused, and nothing is kept', async () => {
  const store = new RunStore(memoryTree())
  const model = await modelFiles([...'abc'])
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const weights = new Float32Array(15)
    weights[14] = value
    const files = [...model].map(([name, bytes]) => new File([name === 'weights.bin' ? weights : bytes], name))
    await expect(takeRun(store, files)).rejects.toMatchObject({ code: 'not-finite', sentence: 'modelNotFinite' })
  }
  const checkpoint = encodeCheckpoint({
    recipe: 'mnist',
    weights: [{ name: 'w', shape: [1], values: Float32Array.of(Number.NaN) }],
    optimizer: [],
    random: new RandomState(1).snapshot(),
    rowsOfPass: 0,
    epoch: 1,
    progress: { steps: 0, samples: 0, loss: 0, correct: 0 },
    seconds: 0,
    learningRate: 0.01,
    history: sampleCard.history,
  })
  const inZip = (bytes: Uint8Array): Promise<File> =>
    zipOf({ 'x/run.json': encodeRunCard(sampleCard), 'x/checkpoints/epoch-001-step-00000.safetensors': bytes })
  await expect(takeRun(store, [await inZip(checkpoint)])).rejects.toMatchObject({ sentence: 'modelNotFinite' })
  await expect(takeRun(store, [await inZip(checkpoint.subarray(0, 90))])).rejects.toMatchObject({ code: 'bad-data' })
  expect(await store.list()).toEqual([])
})

test('what is damaged, hostile, too large or something else is refused, and nothing is kept', async () => {
  const store = new RunStore(memoryTree())
  const card = encodeRunCard({ ...sampleCard, model: 'model' })
  const model = await modelFiles(['a', 'b'])
  const cut = Object.fromEntries([...model].map(([name, bytes]) => [`model/${name}`, bytes.subarray(0, 7)]))
  const whole = Object.fromEntries([...model].map(([name, bytes]) => [`model/${name}`, bytes]))
  const text = new TextEncoder().encode('hello')
  const refused = async (files: File[], message: RegExp): Promise<void> =>
    expect(takeRun(store, files)).rejects.toThrow(message)
  await refused([new File([text], 'hello.txt')], /expected a run \(run\.json\) or a model/)
  await refused([await zipOf({ 'run.json': card, ...cut })], /can't be read as JSON|expected JSON/)
  await refused(
    [new File([new Uint8Array(await (await zipOf({ 'run.json': card })).arrayBuffer()).subarray(0, 60)], 'a.zip')],
    /whole zip archive/,
  )
  await refused([await zipOf({ 'run.json': text })], /can't be read as JSON/)
  await refused(
    [await zipOf(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}.bin`, text])))],
    /too many files/,
  )
  const zip = new Uint8Array(await (await zipOf({ 'run.json': card, ...whole })).arrayBuffer())
  await refused([new File([zip, 'junk'], 'b.zip')], /b\.zip: expected a whole zip archive, got 4 bytes behind its end/)
  const weights = new TextDecoder('latin1').decode(zip).indexOf('model/weights.bin') + 'model/weights.bin'.length + 5
  await refused(
    [new File([zip.with(weights, (zip[weights] ?? 0) ^ 1)], 'b.zip')],
    /expected whole deflate data|a member whose checksum is|the archive says/,
  )
  expect(await store.list()).toEqual([])
})

test('what another program or a later version wrote is said to be that, and so is what is too large', async () => {
  const store = new RunStore(memoryTree())
  const refused = (files: File[], what: object): Promise<void> =>
    expect(takeRun(store, files)).rejects.toMatchObject(what)
  const hdf5 = Uint8Array.from([...'\x89HDF\r\n\x1a\n'], (letter) => letter.charCodeAt(0))
  await refused([new File([hdf5], 'net.h5')], {
    sentence: 'noRun',
    message: expect.stringMatching(/^net\.h5: expected a run .*, got an HDF5 file\./),
  })
  const keras = await zipOf({ 'config.json': new Uint8Array(2), 'model.weights.h5': new Uint8Array(2) }, 'net.keras')
  await refused([keras], { sentence: 'noRun', message: expect.stringContaining('got a model of Keras') })
  const later = (json: Uint8Array): string => new TextDecoder().decode(json).replace(/("formatVersion": ?)1/, '$19')
  await refused([new File([later(encodeRunCard(sampleCard))], 'run.json')], { sentence: 'otherVersion' })
  const model = [...(await modelFiles([...'abc']))]
  const files = model.map(([name, bytes]) => new File([name === 'model.json' ? later(bytes) : bytes], name))
  await refused(files, { sentence: 'otherVersion' })
  const many = await zipOf(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}.bin`, hdf5])))
  await refused([many], { sentence: 'tooLarge' })
  expect(await store.list()).toEqual([])
})
