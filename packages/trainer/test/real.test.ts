import '@tensorflow/tfjs-backend-cpu'
import { sgd, unitRange } from '@gicho/core'
import { imagesTensor, tfjsEngine } from '@gicho/engine/tfjs'
import { wasmEngine } from '@gicho/engine/wasm'
import { initializers, layers, type Sequential, sequential } from '@tensorflow/tfjs-layers'
import { expect, test, vi } from 'vitest'
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

test('without an engine the compiled one trains, evaluates and predicts, without a word', async () => {
  const engines: string[] = []
  const warned: string[] = []
  const onWarning = (message: string) => void warned.push(message)
  const learner = model()
  const { device } = await fit(learner, data, { onStart: ({ engine: name }) => engines.push(name), onWarning })
  expect([engines, device.backend]).toEqual([['wasm'], 'wasm'])
  const there = await evaluate(learner, data, { engine })
  expect((await evaluate(learner, data, { onWarning })).loss).toBeCloseTo(there.loss, 5)
  expect(await predict(learner, data.images, { onWarning })).toHaveLength(180)
  expect(warned).toEqual([])
})

test('a model that the compiled engine can’t run goes to the eager one, with one warning that says why', async () => {
  const learner = sequential({ layers: [layers.rescaling({ scale: 1 / 255, inputShape: [4] }), ...model().layers] })
  const engines: string[] = []
  const warned: string[] = []
  await fit(learner, data, {
    onStart: ({ engine: name }) => engines.push(name),
    onWarning: (text) => void warned.push(text),
  })
  expect(engines).toEqual(['tfjs'])
  expect(warned).toHaveLength(1)
  expect(warned[0]).toMatch(
    /fit: the compiled engine can't run this model \(rescaling_.*Rescaling.*\). The eager engine does it/,
  )
  const spoken = vi.spyOn(console, 'warn').mockImplementation(() => {})
  await predict(learner, data.images)
  expect(spoken.mock.calls.map(([text]) => String(text))).toEqual([
    expect.stringMatching(/^predict: the compiled engine can't/),
  ])
  spoken.mockRestore()
})

test('engines are taken by name; one that is named is taken or refused', async () => {
  const names: string[] = []
  for (const name of ['wasm', 'tfjs', 'auto'] as const) {
    await fit(model(), data, { engine: name, onStart: ({ engine: used }) => names.push(used) })
  }
  expect(names.slice(0, 2)).toEqual(['wasm', 'tfjs'])
  expect(['wasm', 'webgpu']).toContain(names[2])
  const learner = sequential({ layers: [layers.rescaling({ scale: 1 / 255, inputShape: [4] }), ...model().layers] })
  await expect(fit(learner, data, { engine: 'wasm' })).rejects.toMatchObject({ code: 'unsupported' })
  const wrong = (value: unknown) => {
    const options: object = { engine: value }
    return fit(model(), data, options)
  }
  await expect(wrong(wasmEngine)).rejects.toThrow(
    'or an engine of @gicho/engine, as wasmEngine(), got a function. Call it: wasmEngine()',
  )
  await expect(wrong('webgl')).rejects.toThrow(
    "expected engine to be 'auto', 'wasm', 'webgpu', 'tfjs' or an engine of @gicho/engine",
  )
  await expect(wrong('wsm')).rejects.toThrow("got the string wsm. Did you mean 'wasm'?")
})

test('predict needs no loss: softmax, sigmoid and plain outputs come as the model gives them', async () => {
  for (const activation of ['softmax', 'sigmoid', 'linear'] as const) {
    const learner = sequential({ layers: [layers.dense({ units: 3, activation, inputShape: [4] })] })
    const there = learner.predict(imagesTensor(data, unitRange([4])))
    const expected = Array.isArray(there) ? [] : await there.data()
    for (const one of ['wasm', 'tfjs'] as const) {
      const outputs = await predict(learner, data.images, { engine: one })
      for (const [i, value] of outputs.entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5)
    }
  }
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
  expect(histories.map(({ input }) => input.scale)).toEqual([1 / 255, 1])
  const losses = histories.map(({ history }) => history.map(({ loss }) => loss))
  // float32(byte / 255) and byte * float32(1 / 255) differ in the last bit.
  for (const [i, loss] of (losses[0] ?? []).entries()) expect(losses[1]?.[i]).toBeCloseTo(loss, 5)
  expect((await evaluate(inner, data, { engine })).loss).toBeCloseTo((await evaluate(outer, data, { engine })).loss, 5)
  const outputs = await predict(outer, data.images, { engine })
  for (const [i, value] of (await predict(inner, data.images, { engine })).entries())
    expect(value).toBeCloseTo(outputs[i] ?? 0, 5)
})

test('evaluate smooths labels as fit does, and as Keras does', async () => {
  const learner = model()
  await fit(learner, data, { epochs: 20, batchSize: 8, optimizer: sgd({ learningRate: 0.3 }) })
  const outputs = await predict(learner, data.images)
  // Keras: y (1 - s) + s / classes against the outputs.
  const expected = Array.from(data.labels, (label, row) =>
    [0, 1, 2].reduce((sum, k) => sum - (0.3 / 3 + (k === label ? 0.7 : 0)) * Math.log(outputs[3 * row + k] ?? 0), 0),
  )
  const mean = expected.reduce((sum, value) => sum + value, 0) / expected.length
  for (const one of ['wasm', 'tfjs'] as const) {
    const { loss } = await evaluate(learner, data, { labelSmoothing: 0.3, engine: one })
    expect(loss).toBeCloseTo(mean, 5)
    expect((await evaluate(learner, data, { engine: one })).loss).not.toBeCloseTo(mean, 2)
  }
  await expect(evaluate(learner, data, { labelSmoothing: 2 })).rejects.toThrow(
    'evaluate: expected labelSmoothing to be a number in [0, 1), got 2.',
  )
})

test('a model that rescales bytes itself and is given them divided is named', async () => {
  const learner = sequential({ layers: [layers.rescaling({ scale: 1 / 255, inputShape: [4] }), ...model().layers] })
  const warned: string[] = []
  const onWarning = (text: string) => void warned.push(text)
  await fit(learner, data, { input: unitRange([4]), engine, onWarning })
  await fit(learner, data, { input: { shape: [4], scale: 1, offset: 0 }, engine, onWarning })
  await fit(model(), data, { engine, onWarning })
  expect(warned).toEqual([
    expect.stringMatching(/^fit: the input option multiplies bytes by 0.0039.* Leave the option out/),
  ])
})
