import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isGichoError } from './errors.ts'
import { adam, adamw, rmsprop, sgd } from './job.ts'
import type { RunCard } from './run.ts'
import { checkKnown, decodeRunCard, encodeRunCard } from './run-card.ts'

const card: RunCard = {
  format: 'gicho-run',
  formatVersion: 1,
  recipe: 'asl-cnn',
  dataset: { name: 'sign-language', source: 'a folder', train: 27_455, valid: 7172 },
  seed: 3,
  epochs: 2,
  batchSize: 64,
  optimizer: adam({ learningRate: 0.01 }),
  engine: 'wasm',
  device: 'CPU, 2 threads',
  threads: 2,
  parameters: 1000,
  versions: { gicho: '0.0.0' },
  startedAt: '2026-05-01T12:00:00.123Z',
  seconds: 7.5,
  status: 'interrupted',
  history: [{ epoch: 1, loss: 0.2, accuracy: 0.9, val_loss: 0.1, val_accuracy: 0.95, seconds: 3, msPerStep: 1.5 }],
  model: 'asl_model',
  options: { engine: 'auto', backend: 'auto', language: 'ko', threads: 2, limit: 100, data: '/data', trust: true },
}

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

/** What JSON can hold of a number: no -0. */
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const measured = fc.oneof(number, fc.constant(Number.NaN))
const count = fc.nat()
const counted = fc.integer({ min: 1 })
const name = fc.stringMatching(/^[\w-]{1,40}$/)

const optimizer = fc
  .record(
    { learningRate: number.map(Math.abs), clipNorm: number, accumulationSteps: counted },
    { requiredKeys: ['learningRate'] },
  )
  .chain((settings) =>
    fc.constantFrom(
      rmsprop({ ...settings, momentum: 0.5, centered: true }),
      sgd({ ...settings, nesterov: true }),
      adam(settings),
      adamw(settings),
    ),
  )

const epoch = fc.record(
  {
    epoch: fc.integer({ min: 1, max: 1_000_000 }),
    loss: measured,
    accuracy: measured,
    val_loss: measured,
    val_accuracy: measured,
    seconds: number,
    msPerStep: number,
  },
  { requiredKeys: ['epoch', 'loss', 'accuracy', 'seconds', 'msPerStep'] },
)

const cards: fc.Arbitrary<RunCard> = fc.record(
  {
    format: fc.constant('gicho-run'),
    formatVersion: fc.constant(1),
    recipe: name,
    dataset: fc.record({ name: fc.string(), source: fc.string(), train: count, valid: count }),
    seed: fc.integer({ min: 0, max: 0xffffffff }),
    epochs: fc.nat({ max: 1_000_000 }),
    batchSize: fc.integer({ min: 1, max: 1_000_000 }),
    optimizer,
    engine: fc.string(),
    device: fc.string(),
    threads: fc.nat({ max: 1_000_000 }),
    parameters: count,
    versions: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
    startedAt: fc.string(),
    seconds: number,
    status: fc.constantFrom('done', 'interrupted', 'failed'),
    history: fc.array(epoch),
    model: name,
    options: fc.record(
      {
        engine: fc.string(),
        backend: fc.string(),
        language: fc.string(),
        threads: counted,
        stepsPerEpoch: counted,
        limit: counted,
        data: fc.string(),
        trust: fc.boolean(),
      },
      { requiredKeys: ['engine', 'backend', 'language'] },
    ),
  },
  {
    requiredKeys: [
      'format',
      'formatVersion',
      'recipe',
      'dataset',
      'seed',
      'epochs',
      'batchSize',
      'engine',
      'device',
      'threads',
      'parameters',
      'versions',
      'startedAt',
      'seconds',
      'status',
      'history',
    ],
  },
)

test('every card comes back as it went, with no field that is unknown', () => {
  fc.assert(
    fc.property(cards, (any) => {
      const read = decodeRunCard(encodeRunCard(any))
      expect(read).toEqual(any)
      checkKnown(read, 'run.json')
    }),
  )
})

test('whatever a file holds, it is a card or it is refused', () => {
  const refused = (content: Uint8Array): void => {
    try {
      decodeRunCard(content)
    } catch (error) {
      expect(isGichoError(error, 'bad-data'), String(error)).toBe(true)
    }
  }
  fc.assert(fc.property(fc.uint8Array(), refused))
  fc.assert(fc.property(fc.json(), (text) => refused(new TextEncoder().encode(text))))
  // A card with one thing in it exchanged for anything else.
  const paths = fc.constantFrom(...Object.keys(card), 'dataset.train', 'optimizer.name', 'options.threads')
  fc.assert(
    fc.property(paths, fc.jsonValue(), (path, value) => {
      const [outer = '', inner] = path.split('.')
      const object = Object.entries(card).find(([key]) => key === outer)?.[1]
      refused(bytes({ ...card, [outer]: inner === undefined ? value : { ...object, [inner]: value } }))
    }),
    { numRuns: 500 },
  )
  refused(
    new TextEncoder().encode(JSON.stringify(card).replace('"seed":3', `"seed":${'['.repeat(1e5)}${']'.repeat(1e5)}`)),
  )
})

test('a loss that stopped being a number is null in the file, and NaN again', () => {
  const broken = { ...card, history: [{ epoch: 1, loss: Number.NaN, accuracy: 0.1, seconds: 1, msPerStep: 1 }] }
  expect(new TextDecoder().decode(encodeRunCard(broken))).toContain('"loss": null')
  expect(decodeRunCard(encodeRunCard(broken))).toEqual(broken)
})

test.each([
  ['recipe', '../../etc', '"recipe": expected a plain name (letters, digits, - and _), got "../../etc".'],
  ['model', '../model', '"model": expected a plain name (letters, digits, - and _), got "../model".'],
  ['model', 3, '"model": expected a plain name (letters, digits, - and _), got 3.'],
  ['status', 'finished', '"status": expected "done" or "interrupted" or "failed", got "finished".'],
  ['seed', undefined, '"seed": expected a whole number from 0 to 4294967295, got nothing.'],
  ['seed', 0.5, '"seed": expected a whole number from 0 to 4294967295, got 0.5.'],
  ['batchSize', 0, '"batchSize": expected a whole number from 1 to 1000000, got 0.'],
  ['dataset', null, '"dataset": expected an object, got null.'],
  ['dataset', { name: 'mnist' }, '"dataset.source": expected a text, got nothing.'],
  ['history', 'x', '"history": expected a list of epochs, got "x".'],
  ['history', ['x'], '"history[0]": expected an object, got "x".'],
  ['history', [card.history[0], { epoch: 2 }], '"history[1].loss": expected a number or null, got nothing.'],
  ['versions', { gicho: 1 }, '"versions.gicho": expected a text, got 1.'],
  ['options', { engine: 'auto' }, '"options.backend": expected a text, got nothing.'],
  ['epochs', 4_294_967_296, '"epochs": expected a whole number from 0 to 1000000, got 4294967296.'],
  ['options', { ...card.options, limit: '10' }, '"options.limit": expected a whole number of at least 1, got "10".'],
  ['optimizer', { name: 'lion' }, '"optimizer.name": expected "rmsprop" or "sgd" or "adam" or "adamw", got "lion".'],
  ['optimizer', { ...sgd(), learningRate: -1 }, '"optimizer.learningRate": expected a number >= 0, got -1.'],
  ['optimizer', { ...sgd(), momentum: null }, '"optimizer.momentum": expected a number, got null.'],
])('a card with %s %j is refused', (field, value, message) => {
  expect(() => decodeRunCard(bytes({ ...card, [field]: value }), 'a/run.json')).toThrow(`a/run.json: ${message}`)
})

test('what is no card at all says what it is', () => {
  expect(() => decodeRunCard(Uint8Array.of(123))).toThrow("run.json: can't be read as JSON")
  expect(() => decodeRunCard(bytes([]))).toThrow('run.json: expected a JSON object, got [].')
  expect(() => decodeRunCard(bytes({ format: 'other' }))).toThrow(
    `run.json: expected "format": "gicho-run" and "formatVersion": 1, got "other" and nothing. This isn't a run's record.`,
  )
  expect(() => decodeRunCard(bytes({ ...card, formatVersion: 2 }))).toThrow(
    'got "gicho-run" and 2. Another version of gicho wrote it: update this one.',
  )
})

test('what a newer version has added is kept, and named to whoever wants to go on with the run', () => {
  const newer = {
    ...card,
    schedule: 'cosine',
    optimizer: { ...card.optimizer, amsgrad: true },
    options: { ...card.options, mixup: 0.2 },
  }
  const read = decodeRunCard(bytes(newer))
  expect(read).toEqual(newer)
  expect(() => checkKnown(read, 'runs/1')).toThrow(
    "runs/1: this run was made with schedule, optimizer.amsgrad, options.mixup, which this version of gicho doesn't know: it would go on differently. Update gicho, or go on where the run was made.",
  )
})
