// The published packages on the machine's own Node, from their built files, as an installed program would use them.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { RandomState, takeFirst } from '@gicho/core'
import { loadMnist } from '@gicho/datasets'
import { tfjsEngine } from '@gicho/engine/tfjs'
import { wasmEngine } from '@gicho/engine/wasm'
import { loadModel, mnistMlp, saveModel } from '@gicho/models'
import { decodeImage, imageToInput, oneHot, treat } from '@gicho/preprocess'
import { mnist as recipe } from '@gicho/recipes'
import { evaluate, fit as trainModel } from '@gicho/trainer'
import '@tensorflow/tfjs-backend-cpu'

test(`Node ${process.version}: draws equal numpy's`, () => {
  assert.deepEqual([...new RandomState(0).permutation(5)], [2, 0, 1, 3, 4])
})

test(`Node ${process.version}: the first digit is a 5, its bytes and label prepare as in the lesson`, async () => {
  const { train } = await loadMnist()
  assert.equal(train.length, 60000)
  assert.deepEqual([...oneHot(train.labels.subarray(0, 1), 10)], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
  assert.equal(Math.max(...treat(train.images.subarray(0, 784), { shape: [784], scale: 1 / 255, offset: 0 })), 1)
  assert.equal(recipe.id, 'mnist')
})

test(`Node ${process.version}: PNG, JPEG and WebP become what a network sees`, async () => {
  const images = new URL('../../packages/preprocess/fixtures/images/', import.meta.url)
  for (const name of ['rgb.png', '444.jpg', 'lossless.webp']) {
    const seen = imageToInput(await decodeImage(await readFile(new URL(name, images)), name), [28, 28, 1])
    assert.equal(seen.length, 784)
    assert.ok(new Set(seen).size > 100)
  }
})

for (const engine of [tfjsEngine({ backend: 'cpu' }), wasmEngine({ threads: 2 })]) {
  test(`Node ${process.version}: ${engine.name} trains, saves, loads and evaluates`, async () => {
    const data = await loadMnist()
    const train = takeFirst(data.train, 96)
    const model = mnistMlp({ seed: 1 })
    const result = await trainModel(model, train, { engine, epochs: 2, validationData: takeFirst(data.test, 64) })
    assert.ok(result.history[1].loss < result.history[0].loss)
    const folder = await mkdtemp(join(tmpdir(), 'gicho-node-'))
    try {
      const input = { shape: [784], scale: 1 / 255, offset: 0 }
      await saveModel(folder, {
        model,
        classNames: train.classNames,
        input,
        compile: result.compile,
        optimizerState: result.optimizerState,
      })
      const loaded = await loadModel(folder)
      const before = await evaluate(model, train, { engine })
      const after = await evaluate(loaded.model, train, { engine })
      assert.deepEqual(after, before)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
}
