import { adam, adamw, rmsprop, sgd, unitRange } from '@gicho/core'
import { expect, test } from 'vitest'
import { readMetadata, writeMetadata } from './metadata.ts'

const metadata = { classNames: ['a', 'b'], input: unitRange([784]) }
const compile = { loss: 'categoricalCrossentropy', metrics: ['accuracy'] } as const

test.each([
  rmsprop({ epsilonMode: 'tf2' }),
  rmsprop({ momentum: 0.5, centered: true, clipValue: 1 }),
  sgd({ momentum: 0.9 }),
  sgd({ momentum: 0.9, nesterov: true, clipNorm: 2, accumulationSteps: 4 }),
  adam({ learningRate: 1e-4, globalClipNorm: 1 }),
  adamw({ weightDecay: 0.1 }),
])('comes back as it went, compiled with $name', (optimizer) => {
  const whole = { ...metadata, compile: { ...compile, optimizer } }
  expect(readMetadata(JSON.parse(JSON.stringify(writeMetadata(whole))))).toEqual(whole)
})

test('comes back without compile options where there were none', () => {
  expect(readMetadata(writeMetadata(metadata))).toEqual(metadata)
})

test.each([undefined, null, {}, { gicho: 1 }, { other: {} }])('%j is no metadata', (stored) => {
  expect(() => readMetadata(stored, 'runs/1')).toThrow(
    "runs/1: expected gicho's metadata (class names, input treatment), got none. Load it with tf.loadLayersModel and save it again with saveModel, naming both.",
  )
})

test('a newer format is named', () => {
  expect(() => readMetadata({ gicho: { formatVersion: 2 } })).toThrow(
    'model: expected metadata of version 1, got 2. Install a newer @gicho/models.',
  )
})

const good = { formatVersion: 1, ...metadata, compile: { ...compile, optimizer: { ...sgd() } } }

test.each([
  [{ ...good, classNames: 'a' }, 'expected metadata classNames to be a list of strings, got "a".'],
  [{ ...good, classNames: [1] }, 'expected metadata classNames to be a list of strings, got [1].'],
  [{ ...good, input: undefined }, 'expected metadata input to be an object, got undefined.'],
  [{ ...good, input: { ...good.input, shape: [-1] } }, 'expected metadata shape to be a list of sizes, got [-1].'],
  [{ ...good, input: { ...good.input, scale: '1' } }, 'expected metadata scale to be a number, got "1".'],
  [
    { ...good, compile: { ...good.compile, loss: 'mse' } },
    'expected metadata loss to be "categoricalCrossentropy" or "sparseCategoricalCrossentropy" or "binaryCrossentropy" or "meanSquaredError" or "meanAbsoluteError", got "mse".',
  ],
  [
    { ...good, compile: { ...good.compile, optimizer: { name: 'lion' } } },
    'expected metadata name to be "rmsprop" or "sgd" or "adam" or "adamw", got "lion".',
  ],
  [
    { ...good, compile: { ...good.compile, optimizer: { name: 'sgd', learningRate: 1 } } },
    'expected metadata momentum to be a number, got undefined.',
  ],
  [
    { ...good, compile: { ...good.compile, optimizer: { ...sgd(), nesterov: 1 } } },
    'expected metadata nesterov to be true or false, got 1.',
  ],
])('refuses %j', (gicho, message) => {
  expect(() => readMetadata({ gicho })).toThrow(message)
})
