import { expect, test } from 'vitest'
import { fakeEngine, fakeModel } from '../test/fake-engine.ts'
import { samples } from '../test/samples.ts'
import { loadBridge } from './engine-package.ts'
import { evaluate, predict } from './evaluate.ts'

test('evaluate gives means over samples and closes its session', async () => {
  const { engine, log } = fakeEngine({ validationLoss: () => 4 })
  expect(await evaluate(fakeModel(), samples(6), { engine })).toEqual({ loss: 4, accuracy: 0.5 })
  expect(log.disposed).toBe(1)
})

test('predict opens a session without data', async () => {
  const { engine, log } = fakeEngine()
  await predict(fakeModel(), samples(6).images, { engine })
  expect(log.data?.train.length).toBe(0)
  expect(log.disposed).toBe(1)
})

test('unknown options, broken images and foreign labels are refused', async () => {
  await expect(evaluate(fakeModel(), samples(6), { engin: 1 } as object)).rejects.toThrow('Did you mean engine?')
  await expect(predict(fakeModel(), samples(6).images, { xyz: 1 } as object)).rejects.toThrow('no option xyz')
  await expect(predict(fakeModel(), samples(6).images, { signal: 1 } as object)).rejects.toThrow('no option signal')
  await expect(predict(fakeModel(), new Uint8Array(5))).rejects.toThrow('whole images of 4 bytes, got 5 bytes')
  const two = { ...fakeModel(), outputs: [{ shape: [null, 2] }] }
  await expect(evaluate(two, samples(6))).rejects.toThrow("label 2 of image 2 (train) is outside the model's 2 classes")
})

test('images that are no bytes are refused by predict', async () => {
  const given = Object.assign({ images: samples(1).images }, { images: Float32Array.of(0, 0.5, 1, 0) })
  await expect(predict(fakeModel(), given.images)).rejects.toThrow(
    'predict: expected bytes 0..255 in a Uint8Array, got a Float32Array.',
  )
  const whole = Object.assign({ images: samples(1).images }, { images: samples(2) })
  await expect(predict(fakeModel(), whole.images)).rejects.toThrow('got an object.')
})

test('without the engine package the line that installs it is given', async () => {
  const missing = loadBridge(() => Promise.reject(new Error('Cannot find package')))
  await expect(missing).rejects.toMatchObject({ code: 'unavailable' })
  await expect(missing).rejects.toThrow('npm install @gicho/engine @tensorflow/tfjs-core@4.22.0')
})
