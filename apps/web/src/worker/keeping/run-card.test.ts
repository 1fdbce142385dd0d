import { expect, test } from 'vitest'
import { cardBytes, readCard } from './run-card.ts'
import { sampleCard } from './sample-card.ts'

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

test('a card comes back as it was', () => {
  expect(readCard(cardBytes(sampleCard), 'run.json')).toEqual(sampleCard)
})

test('a loss that stopped being a number comes back as NaN', () => {
  const broken = { ...sampleCard, history: [{ ...sampleCard.history[0], loss: null }] }
  expect(readCard(bytes(broken), 'run.json').history[0]?.loss).toBeNaN()
})

test.each([
  ['a list', []],
  ['another format', { ...sampleCard, format: 'x' }],
  ['a recipe that is a path', { ...sampleCard, recipe: '../../etc' }],
  ['a model elsewhere', { ...sampleCard, model: '../model' }],
  ['a history of texts', { ...sampleCard, history: ['x'] }],
  ['no dataset', { ...sampleCard, dataset: null }],
  ['an unknown end', { ...sampleCard, status: 'ok' }],
])('%s is refused', (_, content) => {
  expect(() => readCard(bytes(content), 'run.json')).toThrow(/^run\.json: /)
})

test('what is no JSON is refused', () => {
  expect(() => readCard(Uint8Array.of(123), 'run.json')).toThrow("run.json: can't be read as JSON")
})
