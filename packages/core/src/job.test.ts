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

test('a setting that is undefined is the default, and another optimizer’s stay behind', () => {
  const open: object = { learningRate: undefined, beta1: undefined }
  expect(adam(open)).toEqual(adam())
  expect(adam(sgd({ momentum: 0.5, learningRate: 0.1 }))).toEqual(adam({ learningRate: 0.1 }))
})

test.each([
  ['learningRate', -1, 'a number >= 0, got -1.'],
  ['learningRate', Number.NaN, 'a number >= 0, got NaN.'],
  ['learningRate', '0.1', 'a number >= 0, got the string 0.1.'],
  ['beta2', 1, 'a number from 0 up to but not 1, got 1.'],
  ['epsilon', -1e-7, 'a number >= 0, got -1e-7.'],
  ['weightDecay', -5, 'a number >= 0, got -5.'],
])('adamw refuses %s %s, which would end in weights that are no numbers', (name, value, message) => {
  expect(() => adamw({ [name]: value })).toThrow(`adamw: expected ${name} to be ${message}`)
})

test('flags, modes and shares of the others are checked too', () => {
  expect(() => sgd({ momentum: 1.5 })).toThrow('sgd: expected momentum to be a number from 0 to 1, got 1.5.')
  const loose: Record<string, object> = { nesterov: { nesterov: 'yes' }, mode: { epsilonMode: 'keras2' } }
  expect(() => sgd(loose.nesterov)).toThrow('sgd: expected nesterov to be true or false, got the string yes.')
  expect(() => rmsprop(loose.mode)).toThrow('rmsprop: expected epsilonMode to be one of keras3, tf2, tfjs, got')
  const number: { options: object } = JSON.parse('{"options":0.1}')
  expect(() => sgd(number.options)).toThrow('sgd: expected an object of options')
})

test('a setting that an optimizer does not have is refused with the one that was meant', () => {
  const misspelt: object = { learningrate: 1 }
  for (const [name, make] of Object.entries({ rmsprop, sgd, adam, adamw })) {
    expect(() => make(misspelt)).toThrow(`${name}: there is no option learningrate. Did you mean learningRate?`)
  }
  const ofAnother: object = { rho: 0.9 }
  expect(() => adam(ofAnother)).toThrow('adam: there is no option rho.')
})
