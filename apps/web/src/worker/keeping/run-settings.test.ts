import { adam, adamw, type RunCard, sgd } from '@gicho/core'
import { expect, test } from 'vitest'
import { settingsOfCard } from './run-settings.ts'
import { sampleCard } from './sample-card.ts'

test("a card's settings are those that the run was made with, whoever made it", () => {
  const options = { engine: 'wasm', backend: 'auto', language: 'en', threads: 1, limit: 500 }
  const card = { ...sampleCard, seed: 7, batchSize: 64, epochs: 9, optimizer: adamw({ learningRate: 0.05 }), options }
  expect(settingsOfCard(card, 'runs/mnist/1')).toEqual({
    engine: 'auto',
    optimizer: 'adamw',
    learningRate: 0.05,
    batchSize: 64,
    epochs: 9,
    seed: 7,
    limit: 500,
  })
})

test("a card that doesn't say its optimizer has the course's", () => {
  expect(settingsOfCard(sampleCard, '')).toMatchObject({ optimizer: 'rmsprop', learningRate: 1e-3, limit: 0 })
})

const options = { engine: 'auto', backend: 'auto', language: 'en' }

test.each<[Partial<RunCard>, string]>([
  [{ optimizer: sgd({ momentum: 0.9 }) }, 'sgd with momentum 0.9'],
  [{ optimizer: adam({ clipNorm: 1 }) }, 'adam with clipNorm 1'],
  [{ optimizer: sgd({ learningRate: 2 }) }, 'a learning rate of 2'],
  [{ options: { ...options, stepsPerEpoch: 10 } }, 'epochs of 10 steps'],
])('a run that the page would go on with differently is refused: %j', (change, what) => {
  expect(() => settingsOfCard({ ...sampleCard, ...change }, 'runs/mnist/1')).toThrow(
    `runs/mnist/1: this run was made with ${what}, which this page has no setting for. Go on with it in Node: npm run gicho -- resume`,
  )
})

test('a run of a newer version is refused', () => {
  const newer = { ...sampleCard, options: { ...options, mixup: 1 } }
  expect(() => settingsOfCard(newer, 'runs/mnist/1')).toThrow(
    "with options.mixup, which this version of gicho doesn't know",
  )
})
