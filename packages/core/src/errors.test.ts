import { expect, test } from 'vitest'
import { GichoError, isGichoError, messageOf } from './errors.ts'

test('an error carries its code and its cause', () => {
  const cause = new Error('disk full')
  const error = new GichoError('io', 'save: the disk is full.', { cause })
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({ name: 'GichoError', code: 'io', message: 'save: the disk is full.', cause })
})

test('errors are known by name and code, also those of another copy of the package', () => {
  const error = new GichoError('io', 'x')
  const foreign = Object.assign(new Error('x'), { name: 'GichoError', code: 'io' })
  expect([isGichoError(error), isGichoError(error, 'io'), isGichoError(error, 'bad-data')]).toEqual([true, true, false])
  expect(isGichoError(foreign, 'io')).toBe(true)
  expect([new Error('x'), { name: 'GichoError', code: 'io' }, undefined].some((e) => isGichoError(e))).toBe(false)
})

test('anything thrown has a message', () => {
  expect([new Error('a'), 'b', undefined].map(messageOf)).toEqual(['a', 'b', 'undefined'])
})
