import { expect, test } from 'vitest'
import { nearestName } from './nearest-name.ts'
import { checkOptionNames } from './option-names.ts'

test('the nearest name forgives a swapped, dropped, added or changed letter, and nothing wilder', () => {
  const known = ['train', 'list', 'evaluate']
  expect(nearestName('trian', known)).toBe('train')
  expect(nearestName('lis', known)).toBe('list')
  expect(nearestName('Evaluates', known)).toBe('evaluate')
  expect(nearestName('predict', known)).toBeUndefined()
  expect(nearestName('x', [])).toBeUndefined()
})

test('an option that nobody knows is refused with the one that was meant, or with all that there are', () => {
  const known = ['folder', 'cacheDir']
  expect(() => checkOptionNames('loadMnist', { cacheDri: 'x' }, known)).toThrow(
    'loadMnist: there is no option cacheDri. Did you mean cacheDir?',
  )
  expect(() => checkOptionNames('loadMnist', { nonsense: 1 }, known)).toThrow(
    'loadMnist: there is no option nonsense. Known are folder, cacheDir.',
  )
  checkOptionNames('loadMnist', { folder: undefined }, known)
  checkOptionNames('loadMnist', undefined, known)
})

test('options that are no object of names are refused by what they are', () => {
  expect(() => checkOptionNames('loadMnist', '/data', ['folder'])).toThrow(
    'loadMnist: expected an object of options ({ folder: … }), got "/data".',
  )
  expect(() => checkOptionNames('loadMnist', null, ['folder'])).toThrow('got null.')
  expect(() => checkOptionNames('loadMnist', ['a'], ['folder'])).toThrow('got a list.')
})
