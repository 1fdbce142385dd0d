import { adam, rmsprop, sgd } from '@gicho/core'
import { expect, test } from 'vitest'
import { chosenOptimizer } from './optimizer-option.ts'

test('without a word the lesson chooses; a name brings its own rate, and a rate alone is for RMSprop', () => {
  expect(chosenOptimizer(undefined, undefined)).toBeUndefined()
  expect(chosenOptimizer('sgd', undefined)).toEqual(sgd())
  expect(chosenOptimizer('adam', '0.01')).toEqual(adam({ learningRate: 0.01 }))
  expect(chosenOptimizer(undefined, '1e-4')).toEqual(rmsprop({ learningRate: 1e-4 }))
})
