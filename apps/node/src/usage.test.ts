import { expect, test } from 'vitest'
import { checkArguments, oneOf, optionalCount, optionalPositive, UsageError, wholeNumber } from './usage.ts'

const args = {
  recipe: { type: 'positional', required: true, description: 'mnist' },
  epochs: { type: 'string', valueHint: 'n' },
  seed: { type: 'string' },
  'learning-rate': { type: 'string', alias: 'lr' },
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

test('a short name stands for an option, and is told with the long one', () => {
  expect(checkArguments('train', args, ['mnist', '--lr', '.5'])).toEqual(['--learning-rate=.5', '--', 'mnist'])
  expect(checkArguments('train', args, ['mnist', '--lr=-.5'])).toContain('--learning-rate=-.5')
  expect(checkArguments('train', args, ['mnist', '--lr', '-.5'])).toContain('--learning-rate=-.5')
  expect(mistake('mnist', '--lr')).toBe('--learning-rate: expected a value, got none. Write --learning-rate VALUE.')
})

test('an option that is given twice is refused, in whatever form', () => {
  expect(mistake('mnist', '--seed', '3', '--seed=4')).toBe(
    '--seed: expected once, got it twice ("3" and "4"). Leave one out.',
  )
  expect(mistake('mnist', '--lr', '1', '--learning-rate', '1')).toContain(
    '--learning-rate: expected once, got it twice',
  )
  expect(mistake('mnist', '--json', '--json')).toBe('--json: expected once, got it twice. Leave one out.')
})

test('an empty argument is refused', () => {
  expect(mistake('')).toBe('train: expected RECIPE, got an empty one. Is a variable in your command unset?')
  expect(mistake('mnist', '--seed', '')).toBe('--seed: expected a value, got none. Write --seed VALUE.')
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
  expect(optionalCount('--epochs', undefined, 9)).toBeUndefined()
  expect(optionalCount('--epochs', '+9', 9)).toBe(9)
  expect(() => wholeNumber('--seed', '-1', 0, 10)).toThrow('--seed: expected a whole number from 0 to 10, got "-1".')
  const others = [
    '0',
    '10',
    '1.5',
    'many',
    '1e3',
    '',
    ' 3',
    '0x3',
    '1_000',
    '٣',
    '３',
    '9'.repeat(400),
    'Infinity',
    '-0',
  ]
  for (const value of others) {
    expect(() => optionalCount('--epochs', value, 9)).toThrow(
      `--epochs: expected a whole number from 1 to 9, got "${value}".`,
    )
  }
})

test('a decimal number is one that a person would write, above 0 and within its bound', () => {
  for (const [text, number] of [
    ['.5', 0.5],
    ['1e-3', 1e-3],
    ['+2.', 2],
    ['9', 9],
  ] as const) {
    expect(optionalPositive('--rate', text, 'a number', 9)).toBe(number)
  }
  for (const value of ['0', '-1', '9.1', '1e-400', '1e400', 'NaN', 'Infinity', '0x1', '1,5', ' 1', '٣', '.', '']) {
    expect(() => optionalPositive('--rate', value, 'a number', 9)).toThrow(
      `--rate: expected a number above 0 and up to 9, got "${value}".`,
    )
  }
})
