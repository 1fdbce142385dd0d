import '@tensorflow/tfjs-backend-cpu'
import { type Engine, unitRange } from '@gicho/core'
import { tfjsEngine } from '@gicho/engine/tfjs'
import * as tfl from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { Reader } from './reader.ts'

const classNames = [...'abc']

async function open(engine: Engine): Promise<Reader> {
  const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 3, inputShape: [4], activation: 'softmax' })] })
  return Reader.open({ model, classNames, input: unitRange([4]) }, 'a test', engine)
}

test('what is asked at once is answered in turn, and the end waits for the answers', async () => {
  const reader = await open(tfjsEngine({ backend: 'cpu' }))
  const asked = [1, 2, 3].map((rows) => reader.probabilities(new Uint8Array(4 * rows)))
  const ended = reader.dispose()
  expect((await Promise.all(asked)).map(({ length }) => length)).toEqual([3, 6, 9])
  await ended
})

test('a question that fails leaves the next ones their answers', async () => {
  const reader = await open(tfjsEngine({ backend: 'cpu' }))
  const wrong = reader.probabilities(new Uint8Array(3))
  const right = reader.probabilities(new Uint8Array(4))
  await expect(wrong).rejects.toMatchObject({ code: 'bad-shape' })
  expect((await right).length).toBe(3)
  await reader.dispose()
})

test('a model that takes no picture is refused with what it takes', async () => {
  const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 3, inputShape: [5], activation: 'softmax' })] })
  const opening = Reader.open({ model, classNames, input: unitRange([5]) }, 'a test', tfjsEngine({ backend: 'cpu' }))
  await expect(opening).rejects.toThrow('expected a model that takes pictures, got one that takes (5).')
})
