import { expect, test } from 'vitest'
import { fakeEngine, fakeModel } from '../test/fake-engine.ts'
import { samples } from '../test/samples.ts'
import { evaluate, predict } from './evaluate.ts'
import { fit } from './fit.ts'

const busy = (where: string) => `${where}: the model is being trained by a fit under way (count).`

test('of two trainings of one model at once the second is refused, and after the first the model is free', async () => {
  const { engine } = fakeEngine()
  const model = fakeModel()
  const first = fit(model, samples(8), { engine })
  await expect(fit(model, samples(8), { engine })).rejects.toThrow(
    `${busy('fit')} The last to end would overwrite the other.`,
  )
  await first
  await fit(model, samples(8), { engine })
})

test('a model in training is neither measured nor used, in callbacks too; another model is', async () => {
  const { engine } = fakeEngine()
  const model = fakeModel()
  const said: unknown[] = []
  await fit(model, samples(8), {
    engine,
    async onEpoch() {
      for (const call of [evaluate(model, samples(8), { engine }), predict(model, samples(8).images, { engine })]) {
        said.push(await call.catch((error: Error) => error.message))
      }
      said.push((await evaluate(fakeModel(), samples(8), { engine })).accuracy)
    },
  })
  const help =
    'It gets its new weights when that ends: await it first. In a callback, context.readWeights() gives those so far.'
  expect(said).toEqual([`${busy('evaluate')} ${help}`, `${busy('predict')} ${help}`, 0.5])
})

test('the model is free again after a failure, a refusal and an abort', async () => {
  const model = fakeModel()
  const failing = fakeEngine({ loss: () => Number.NaN }).engine
  await expect(fit(model, samples(8), { engine: failing })).rejects.toMatchObject({ code: 'not-finite' })
  await expect(fit(model, samples(8), { epochs: 0 })).rejects.toThrow('epochs')
  const { engine } = fakeEngine()
  expect(await fit(model, samples(8), { engine, signal: AbortSignal.abort() })).toMatchObject({ stopped: 'aborted' })
  expect(await fit(model, samples(8), { engine })).toMatchObject({ history: [{ epoch: 1 }] })
})

test('models that share weights are one; those of a base that is frozen in both are not', async () => {
  const { engine } = fakeEngine()
  const model = fakeModel()
  const own = { ...fakeModel().weights[0], originalName: 'own' }
  const sharing = { ...model }
  const first = fit(model, samples(8), { engine })
  await expect(fit(sharing, samples(8), { engine })).rejects.toThrow(busy('fit'))
  await first
  const frozen = { ...model, trainableWeights: [own] } as typeof model
  const other = { ...model, trainableWeights: [{ ...own }] } as typeof model
  await Promise.all([
    fit(frozen, samples(8), { engine: fakeEngine().engine }),
    fit(other, samples(8), { engine: fakeEngine().engine }),
  ])
})
