import { type Augmenter, DRAW_NUMBERS, RandomState, sgd, type TrainingState } from '@gicho/core'
import { wasmEngine } from '@gicho/engine/wasm'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import type { Callback } from '../src/callback.ts'
import { fit } from '../src/fit.ts'
import type { FitOptions } from '../src/options.ts'
import { fakeEngine, fakeModel } from './fake-engine.ts'
import { samples } from './samples.ts'

/** Draws one number an image, which becomes its zoom. */
const augment: Augmenter = {
  augmentation: {
    fillMode: 'nearest',
    cval: 0,
    brightnessMode: 'smooth',
    shiftsChannels: false,
    changesBrightness: false,
  },
  drawTable(random, count) {
    const table = new Float64Array(count * DRAW_NUMBERS)
    for (let i = 0; i < count; i++) {
      const zoom = random.uniform(0.5, 1.5)
      table.set([zoom, 0, 0, 0, zoom, 0, 0, Number.NaN, Number.NaN], i * DRAW_NUMBERS)
    }
    return table
  },
}

function smallModel() {
  return sequential({
    layers: [
      layers.dense({ units: 8, activation: 'relu', inputShape: [4], name: 'hidden' }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 3, activation: 'softmax', name: 'classes' }),
    ],
  })
}

const options: FitOptions = {
  epochs: 3,
  batchSize: 4,
  seed: 9,
  augment,
  validationData: samples(5),
  engine: wasmEngine({ threads: 1 }),
}

test('a pass draws its permutation, then a transformation for each of its rows', async () => {
  const { engine, log } = fakeEngine()
  await fit(fakeModel(), samples(10), { epochs: 2, batchSize: 4, seed: 5, augment, engine })
  const random = new RandomState(5)
  for (const { order, draws } of log.requests) {
    expect([...order]).toEqual([...random.permutation(10)])
    expect(draws).toEqual(augment.drawTable(random, 10, [2, 2, 1]))
  }
  expect(log.job?.augment).toBe(augment.augmentation)
})

test('a training goes on from any state that it handed out, bit for bit', async () => {
  // Cut after every step or two: a signal stops the fit, and a new one takes over.
  const start = smallModel()
  const initial = start.getWeights().map((weight) => weight.dataSync().slice())
  const model = (): ReturnType<typeof smallModel> => {
    const copy = smallModel()
    for (const [i, weight] of copy.weights.entries()) weight.write(start.getWeights()[i]?.clone() as never)
    return copy
  }
  const whole = model()
  const expected = await fit(whole, samples(30), options)

  const cut = model()
  let state: TrainingState | undefined
  let parts = 0
  let result = undefined as Awaited<ReturnType<typeof fit>> | undefined
  while (result?.stopped === 'aborted' || result === undefined) {
    const control = new AbortController()
    result = await fit(cut, samples(30), {
      ...options,
      ...(state ? { resumeFrom: state } : {}),
      signal: control.signal,
      onProgress: () => control.abort(),
      onCheckpoint: (kept) => {
        state = structuredClone(kept)
      },
    })
    parts++
  }
  expect(parts).toBeGreaterThan(5)
  const plain = (history: typeof result.history) => history.map(({ seconds: _, msPerStep: __, ...logs }) => logs)
  expect(plain(result.history)).toEqual(plain(expected.history))
  expect(result.optimizerState).toEqual(expected.optimizerState)
  expect(cut.getWeights().map((weight) => weight.dataSync())).toEqual(
    whole.getWeights().map((weight) => weight.dataSync()),
  )
  expect(cut.getWeights()[0]?.dataSync()).not.toEqual(initial[0])
})

test('states are handed out after each epoch', async () => {
  const states: TrainingState[] = []
  await fit(fakeModel(), samples(12), {
    engine: fakeEngine().engine,
    epochs: 2,
    batchSize: 4,
    onCheckpoint: (state) => void states.push(state),
  })
  expect(states.map(({ epoch, progress }) => [epoch, progress.steps])).toEqual([
    [1, 0],
    [2, 0],
  ])
  expect(states.map(({ history }) => history.length)).toEqual([1, 2])
})

test('states are handed out inside an epoch too, once the time has come', async () => {
  const inside = async (checkpointSeconds: number): Promise<number> => {
    let count = 0
    // Some tenths of a second an epoch: timers are late on a busy machine.
    await fit(smallModel(), samples(60_000), {
      engine: wasmEngine({ threads: 1 }),
      epochs: 1,
      batchSize: 1,
      checkpointSeconds,
      onCheckpoint: ({ progress }) => {
        if (progress.steps > 0) count++
      },
    })
    return count
  }
  expect(await inside(0.005)).toBeGreaterThan(0)
  expect(await inside(600)).toBe(0)
})

test('a limit and a rate that a callback has set are the resumed run’s too', async () => {
  const changing: Callback = {
    onEpochEnd({ epoch }, context) {
      if (epoch !== 1) return
      context.clip = 1e-3
      context.learningRate = 0.5
    },
  }
  const own: FitOptions = { ...options, optimizer: sgd({ clipNorm: 10 }), epochs: 2 }
  const states: TrainingState[] = []
  const model = smallModel()
  const onCheckpoint = (state: TrainingState): void => void states.push(structuredClone(state))
  await fit(model, samples(30), { ...own, callbacks: [changing], onCheckpoint })
  expect(states.map(({ clip, learningRate }) => [clip, learningRate])).toEqual([
    [1e-3, 0.5],
    [1e-3, 0.5],
  ])
  const trained = model.getWeights().map((weight) => weight.dataSync())
  const resumed = async ({ clip, ...state }: TrainingState): Promise<unknown> => {
    const other = smallModel()
    await fit(other, samples(30), { ...own, resumeFrom: clip === undefined ? state : { ...state, clip } })
    return other.getWeights().map((weight) => weight.dataSync())
  }
  const [first] = states
  if (!first) throw new Error('no state')
  expect(await resumed(first)).toEqual(trained)
  // A state of a run without the field goes on with the optimizer's own limit.
  const { clip: _, ...older } = first
  expect(await resumed(older)).not.toEqual(trained)
})

test('a state of another run is refused', async () => {
  const states: TrainingState[] = []
  const { engine } = fakeEngine()
  await fit(fakeModel(), samples(12), {
    engine,
    epochs: 2,
    batchSize: 4,
    onCheckpoint: (state) => void states.push(state),
  })
  const [state] = states
  if (!state) throw new Error('no state')
  const resume = (change: Partial<TrainingState>, length = 12) =>
    fit(fakeModel(), samples(length), { engine, batchSize: 4, epochs: 2, resumeFrom: { ...state, ...change } })
  await expect(resume({ rowsOfPass: 13 })).rejects.toThrow('got one at row 13, step 0, epoch 1. Resume with the data')
  await expect(resume({ epoch: 3 })).rejects.toThrow('2 epochs, got one at row 12, step 0, epoch 3')
})

/** Two Dense layers, with or without names of their own. */
function rebuilt(units = 8, name?: string) {
  return sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [4], ...(name ? { name } : {}) }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
  })
}

test('a training goes on in a model that was built again with unnamed layers, to the same bits', async () => {
  const own: FitOptions = { epochs: 2, batchSize: 4, engine: wasmEngine({ threads: 1 }) }
  const states: TrainingState[] = []
  const first = rebuilt()
  await fit(first, samples(30), { ...own, onCheckpoint: (state) => void states.push(structuredClone(state)) })
  const again = rebuilt()
  expect(again.weights[0]?.originalName).not.toBe(first.weights[0]?.originalName)
  const [state] = states
  if (!state) throw new Error('no state')
  await fit(again, samples(30), { ...own, resumeFrom: state })
  expect(again.getWeights().map((weight) => weight.dataSync())).toEqual(
    first.getWeights().map((weight) => weight.dataSync()),
  )

  const resume = (model: ReturnType<typeof rebuilt>) => fit(model, samples(30), { ...own, resumeFrom: state })
  await expect(resume(rebuilt(9))).rejects.toThrow(
    /resumeFrom holds the weights of another model: dense_Dense\d+\/kernel \[4, 8\], .*, and this one has dense_Dense\d+\/kernel \[4, 9\]/,
  )
  await expect(resume(rebuilt(8, 'other'))).rejects.toThrow("with names of their own ({ name: 'hidden' })")
})
