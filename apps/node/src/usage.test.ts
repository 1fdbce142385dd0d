import { expect, test } from 'vitest'
import { checkArguments, oneOf, optionalCount, UsageError, wholeNumber } from './usage.ts'

const args = {
  recipe: { type: 'positional', required: true, description: 'mnist' },
  epochs: { type: 'string', valueHint: 'n' },
  seed: { type: 'string' },
  json: { type: 'boolean' },
} as const

function mistake(...raw: string[]): string {
  try {
    checkArguments('train', args, raw)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  return ''
}

test('options come out in one form, whichever way they were written', () => {
  const expected = ['--epochs=3', '--json', '--', 'mnist']
  expect(checkArguments('train', args, ['mnist', '--epochs', '3', '--json'])).toEqual(expected)
  expect(checkArguments('train', args, ['--epochs=3', '--json', '--', 'mnist'])).toEqual(expected)
})

test('a negative number is a value, not an option', () => {
  expect(checkArguments('train', args, ['mnist', '--seed', '-1'])).toContain('--seed=-1')
})

test('every mistake is one sentence that says what was expected', () => {
  expect(mistake('mnist', '--epoch', '3')).toBe(
    'train: unknown option --epoch. Did you mean --epochs? "gicho train --help" lists the options.',
  )
  expect(mistake('mnist', '--zzzzz')).toBe('train: unknown option --zzzzz. "gicho train --help" lists the options.')
  expect(mistake('mnist', '--epochs')).toBe('--epochs: expected a value, got none. Write --epochs N.')
  expect(mistake('mnist', '--seed', '--json')).toBe('--seed: expected a value, got none. Write --seed VALUE.')
  expect(mistake('mnist', '--epochs=')).toBe('--epochs: expected a value, got none. Write --epochs N.')
  expect(mistake('mnist', '--json=yes')).toBe('--json: expected no value, got "yes".')
  expect(mistake('mnist', 'asl')).toBe(
    'train: "asl" is one argument too many. "gicho train --help" shows what it takes.',
  )
  expect(mistake()).toBe('train: expected RECIPE (mnist), got nothing.')
})

test('a last argument that ends in dots takes as many as there are, and at least one', () => {
  const several = { model: { type: 'positional' }, 'image...': { type: 'positional', description: 'files' } } as const
  expect(checkArguments('predict', several, ['m', 'a', 'b', 'c'])).toEqual(['--', 'm', 'a', 'b', 'c'])
  expect(() => checkArguments('predict', several, ['m'])).toThrow('predict: expected IMAGE... (files), got nothing.')
})

test('a name outside the known ones is met with the nearest', () => {
  expect(oneOf('--backend', 'wasm', ['cpu', 'wasm'])).toBe('wasm')
  expect(() => oneOf('--backend', 'wsam', ['cpu', 'wasm'])).toThrow(
    '--backend: unknown backend "wsam". Did you mean wasm? Known: cpu, wasm.',
  )
})

test('numbers are whole and within bounds', () => {
  expect(wholeNumber('--seed', '7', 0, 10)).toBe(7)
  expect(optionalCount('--epochs', undefined)).toBeUndefined()
  expect(() => wholeNumber('--seed', '-1', 0, 10)).toThrow('--seed: expected a whole number from 0 to 10, got "-1".')
  for (const value of ['0', '1.5', 'many', '1e3', '']) {
    expect(() => optionalCount('--epochs', value)).toThrow(`expected a whole number of at least 1, got "${value}".`)
  }
})
