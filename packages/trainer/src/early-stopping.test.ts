import { expect, test } from 'vitest'
import { fakeEngine, fakeModel } from '../test/fake-engine.ts'
import { samples } from '../test/samples.ts'
import { type EarlyStoppingOptions, earlyStopping } from './early-stopping.ts'
import { fit } from './fit.ts'

/** Epochs run, and the epoch whose weights the model ends with, for a curve of validation losses. */
async function run(losses: number[], options: EarlyStoppingOptions = {}): Promise<{ epochs: number; weights: number }> {
  const { engine } = fakeEngine({ validationLoss: (call) => losses[call] ?? 0 })
  const model = fakeModel()
  const { history } = await fit(model, samples(4), {
    epochs: losses.length,
    batchSize: 4,
    validationData: samples(2),
    engine,
    callbacks: [earlyStopping(options)],
  })
  return { epochs: history.length, weights: model.value() }
}

// The outcomes are those of keras.callbacks.EarlyStopping (3.15) on the same curves, by hand from its source.
test.each([
  ['stops at the first epoch without improvement', [3, 2, 2, 1], {}, 3, 3],
  ['waits for its patience', [3, 2, 4, 4, 1], { patience: 2 }, 4, 4],
  ['an improvement starts the wait over', [3, 4, 2, 4, 4], { patience: 2 }, 5, 5],
  ['a change of minDelta is none', [3, 2.9, 2.8, 1], { minDelta: 0.5 }, 2, 2],
  ['puts the best epoch’s weights back', [3, 1, 2, 2], { patience: 2, restoreBestWeights: true }, 4, 2],
  ['puts them back also when every epoch was run', [3, 1, 2], { patience: 9, restoreBestWeights: true }, 3, 2],
  ['the first epoch alone never stops', [3], { baseline: 1 }, 1, 1],
  ['improvements that miss the baseline don’t start the wait over', [5, 4, 3, 2], { baseline: 1, patience: 3 }, 4, 4],
  ['nor stop while they improve', [5, 4, 4, 2], { baseline: 1, patience: 3 }, 3, 3],
  ['watches from an epoch on', [1, 2, 3, 2, 3], { startFromEpoch: 2 }, 5, 5],
  ['the largest is best in mode max', [1, 2, 1, 3], { mode: 'max' }, 3, 3],
] as const)('%s', async (_, losses, options, epochs, weights) => {
  expect(await run([...losses], options)).toEqual({ epochs, weights })
})

test('an accuracy is to rise', async () => {
  // The fake engine's accuracy never changes, so the second epoch is no improvement.
  expect((await run([3, 2, 1], { monitor: 'val_accuracy' })).epochs).toBe(2)
})

test('the same callback serves a second fit', async () => {
  const stopping = earlyStopping()
  for (let fits = 0; fits < 2; fits++) {
    const { engine } = fakeEngine({ validationLoss: (call) => [2, 1, 1][call] ?? 0 })
    const options = { epochs: 5, validationData: samples(2), engine, callbacks: [stopping] }
    expect(await fit(fakeModel(), samples(4), options)).toMatchObject({ stopped: 'early', history: { length: 3 } })
  }
})

test('an aborted training keeps its last weights', async () => {
  const control = new AbortController()
  const { engine } = fakeEngine({ validationLoss: (call) => call })
  const model = fakeModel()
  await fit(model, samples(4), {
    epochs: 5,
    validationData: samples(2),
    engine,
    callbacks: [earlyStopping({ patience: 9, restoreBestWeights: true })],
    signal: control.signal,
    onEpoch: ({ epoch }) => (epoch === 2 ? control.abort() : undefined),
  })
  expect(model.value()).toBe(2)
})

test('watching a metric that will not be there is refused before training', async () => {
  const { engine, log } = fakeEngine()
  await expect(fit(fakeModel(), samples(4), { engine, callbacks: [earlyStopping()] })).rejects.toThrow(
    'earlyStopping: val_loss is watched, but nothing is validated',
  )
  expect(log.requests).toHaveLength(0)
})

test.each([
  [{ patiance: 3 }, 'earlyStopping: there is no option patiance. Did you mean patience?'],
  [{ patience: -1 }, 'expected patience to be a whole number >= 0, got -1'],
  [{ startFromEpoch: 0.5 }, 'expected startFromEpoch to be a whole number >= 0, got 0.5'],
  [{ monitor: 'val_acc' }, 'expected monitor to be loss, accuracy, val_loss, val_accuracy, got val_acc'],
  [{ mode: 'up' }, 'expected mode to be auto, min or max, got up'],
  [{ minDelta: -1 }, 'expected minDelta to be a number >= 0, got -1'],
  [{ baseline: Number.NaN }, 'expected baseline to be a finite number, got NaN'],
])('refuses %o', (options, message) => {
  expect(() => earlyStopping(options as EarlyStoppingOptions)).toThrow(message)
})
