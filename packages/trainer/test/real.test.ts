import '@tensorflow/tfjs-backend-cpu'
import { sgd } from '@gicho/core'
import { tfjsEngine } from '@gicho/engine/tfjs'
import { initializers, layers, type Sequential, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { evaluate, fit, predict } from '../src/index.ts'
import { samples } from './samples.ts'

const engine = tfjsEngine({ backend: 'cpu' })
// Images whose brightest pixel says the class.
const noisy = samples(60)
const data = {
  ...noisy,
  images: noisy.images.map((byte, i) => (i % 4 === noisy.labels[Math.floor(i / 4)] ? 255 : byte >> 1)),
}

function model(): Sequential {
  const glorotUniform = (seed: number) => initializers.glorotUniform({ seed })
  return sequential({
    layers: [
      layers.dense({ units: 8, activation: 'relu', inputShape: [4], kernelInitializer: glorotUniform(1) }),
      layers.dropout({ rate: 0.1 }),
      layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorotUniform(2) }),
    ],
  })
}

test('a tfjs-layers model learns, and evaluate and predict agree with the last epoch', async () => {
  const learner = model()
  const { history, device } = await fit(learner, data, {
    epochs: 30,
    batchSize: 8,
    optimizer: sgd({ learningRate: 0.3, momentum: 0.5 }),
    validationSplit: 0.2,
    engine,
  })
  expect(device.backend).toBe('cpu')
  expect(history.at(-1)?.val_accuracy).toBe(1)
  const held = { ...data, images: data.images.subarray(48 * 4), labels: data.labels.subarray(48), length: 12 }
  const { loss, accuracy } = await evaluate(learner, held, { engine })
  expect(accuracy).toBe(1)
  expect(loss).toBeCloseTo(history.at(-1)?.val_loss ?? Number.NaN, 6)
  const outputs = await predict(learner, held.images, { engine })
  expect(outputs.indexOf(Math.max(...outputs.subarray(0, 3)))).toBe(held.labels[0])
})

test('one seed gives the same history and weights, another seed others', async () => {
  const run = async (seed: number) => {
    const learner = model()
    const { history } = await fit(learner, data, { epochs: 2, batchSize: 8, seed, engine })
    return [
      history.map(({ loss, accuracy }) => [loss, accuracy]),
      learner.getWeights().map((weight) => weight.dataSync()),
    ]
  }
  const first = await run(1)
  expect(await run(1)).toEqual(first)
  expect(await run(2)).not.toEqual(first)
})

test('a rate that is far too high ends with a clear error and finite weights in the model', async () => {
  const learner = model()
  const training = fit(learner, data, { epochs: 50, optimizer: sgd({ learningRate: 1e30 }), engine })
  await expect(training).rejects.toMatchObject({ code: 'not-finite' })
  for (const weight of learner.getWeights()) {
    expect(weight.dataSync().every((value) => Number.isFinite(value))).toBe(true)
  }
})

test('without an engine the eager one is taken', async () => {
  const engines: string[] = []
  await fit(model(), data, { onStart: ({ engine: name }) => engines.push(name) })
  expect(engines).toEqual(['tfjs'])
})

test('a model that is frozen as a whole is refused by fit, and still predicts', async () => {
  const learner = model()
  learner.trainable = false
  await expect(fit(learner, data, { engine })).rejects.toThrow('every layer of the model is frozen or has no weights')
  expect(await predict(learner, data.images, { engine })).toHaveLength(180)
})

test('a model that rescales bytes itself is given bytes: it learns as one whose bytes are divided by 255', async () => {
  const outer = model()
  const inner = sequential({ layers: [layers.rescaling({ scale: 1 / 255, inputShape: [4] }), ...model().layers] })
  inner.setWeights(outer.getWeights())
  const options = { epochs: 3, batchSize: 8, optimizer: sgd({ learningRate: 0.3 }), engine }
  const histories = [await fit(outer, data, options), await fit(inner, data, options)]
  const losses = histories.map(({ history }) => history.map(({ loss }) => loss))
  // float32(byte / 255) and byte * float32(1 / 255) differ in the last bit.
  for (const [i, loss] of (losses[0] ?? []).entries()) expect(losses[1]?.[i]).toBeCloseTo(loss, 5)
  expect((await evaluate(inner, data, { engine })).loss).toBeCloseTo((await evaluate(outer, data, { engine })).loss, 5)
  const outputs = await predict(outer, data.images, { engine })
  for (const [i, value] of (await predict(inner, data.images, { engine })).entries())
    expect(value).toBeCloseTo(outputs[i] ?? 0, 5)
})
