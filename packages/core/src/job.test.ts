import { expect, test } from 'vitest'
import { adam, adamw, rmsprop, sgd } from './job.ts'

test("optimizers have Keras' defaults", () => {
  expect(rmsprop()).toEqual({ name: 'rmsprop', learningRate: 1e-3, rho: 0.9, epsilon: 1e-7, epsilonMode: 'keras3' })
  expect(sgd()).toEqual({ name: 'sgd', learningRate: 1e-2, momentum: 0 })
  expect(adam()).toEqual({ name: 'adam', learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 })
})

test('options replace defaults, and never the name', () => {
  expect(rmsprop({ learningRate: 0.1, epsilonMode: 'tf2' })).toMatchObject({ learningRate: 0.1, epsilonMode: 'tf2' })
  expect(sgd({ momentum: 0.9 })).toMatchObject({ learningRate: 1e-2, momentum: 0.9 })
  expect(adam({ ...sgd(), beta1: 0.5 })).toMatchObject({ name: 'adam', beta1: 0.5 })
})

test('a setting that an optimizer does not have is refused with the one that was meant', () => {
  const misspelt: object = { learningrate: 1 }
  for (const [name, make] of Object.entries({ rmsprop, sgd, adam, adamw })) {
    expect(() => make(misspelt)).toThrow(`${name}: there is no option learningrate. Did you mean learningRate?`)
  }
  const ofAnother: object = { rho: 0.9 }
  expect(() => adam(ofAnother)).toThrow('adam: there is no option rho.')
})
