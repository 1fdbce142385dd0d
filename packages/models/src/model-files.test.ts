import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import { rmsprop, unitRange } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadModel, saveModel } from './file-system.node.ts'
import { fromFiles, type ModelFiles, toFiles } from './model-files.ts'
import type { SavedModel } from './saved-model.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-files-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function sample(): SavedModel {
  const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 2, activation: 'softmax', inputShape: [3] })] })
  const compile = { loss: 'categoricalCrossentropy', optimizer: rmsprop(), metrics: ['accuracy'] } as const
  const optimizerState = [{ name: 'dense/kernel/ms', shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) }]
  return { model, classNames: ['a', 'b'], input: unitRange([3]), compile, optimizerState }
}

async function answer({ model }: SavedModel): Promise<number[]> {
  const output = model.predict(tf.tensor2d([[0.1, 0.5, 0.9]]))
  if (Array.isArray(output)) throw new Error('expected one output')
  return [...(await output.data())]
}

test('files come back as the model that they were made of, optimizer included', async () => {
  const saved = sample()
  const files = await toFiles(saved)
  expect([...files.keys()]).toEqual(['weights.bin', 'optimizer.bin', 'model.json'])
  const again = await fromFiles(files)
  expect(await answer(again)).toEqual(await answer(saved))
  expect(again).toMatchObject({ classNames: ['a', 'b'], compile: saved.compile, optimizerState: saved.optimizerState })
})

test("Node's loadModel opens a page's files, and a page those of Node's saveModel", async () => {
  const saved = sample()
  for (const [name, bytes] of await toFiles(saved)) await writeFile(join(folder, name), bytes)
  expect(await answer(await loadModel(folder))).toEqual(await answer(saved))
  const other = join(folder, 'other')
  await saveModel(other, saved)
  const names = await readdir(other)
  const files = new Map(
    await Promise.all(names.map(async (name) => [name, new Uint8Array(await readFile(join(other, name)))] as const)),
  )
  expect(await answer(await fromFiles(files))).toEqual(await answer(saved))
})

test('what is missing, cut off or no model is named', async () => {
  const files = await toFiles(sample())
  const changed = (name: string, bytes?: Uint8Array<ArrayBuffer>): ModelFiles => {
    const copy = new Map(files)
    if (bytes) copy.set(name, bytes)
    else copy.delete(name)
    return copy
  }
  const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value)
  await expect(fromFiles(new Map(), 'x')).rejects.toThrow('x: expected model.json, got no file.')
  await expect(fromFiles(changed('weights.bin'), 'x')).rejects.toThrow('x: expected weights.bin, got optimizer.bin')
  await expect(fromFiles(changed('weights.bin', new Uint8Array(4)), 'x')).rejects.toThrow(
    'expected 32 bytes in weights',
  )
  await expect(fromFiles(changed('model.json', text('{')), 'x')).rejects.toMatchObject({ code: 'bad-data' })
  await expect(fromFiles(changed('model.json', text('{"modelTopology":1}')))).rejects.toMatchObject({
    code: 'bad-data',
  })
})
