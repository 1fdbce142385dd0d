import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { mnistMlp } from './mnist-mlp.ts'
import { checkBackend, loadBackend } from './need-backend.ts'

test('without a backend a model says which line is missing, and one that is installed is loaded where there is time', async () => {
  expect(() => mnistMlp()).toThrow(
    /^mnistMlp: a model's weights need a backend of tfjs, and none is imported\. Add the line import '@tensorflow\/tfjs-backend-cpu' \(npm install @tensorflow\/tfjs-backend-cpu@4\.\d+\.\d+\)/,
  )
  await expect(loadBackend('loadModel', ['@tensorflow/tfjs-backend-nowhere'])).rejects.toThrow('loadModel: a model')
  await loadBackend('loadModel')
  expect(tf.findBackendFactory('cpu')).toBeDefined()
  expect(() => checkBackend('mnistMlp')).not.toThrow()
  mnistMlp().dispose()
})
