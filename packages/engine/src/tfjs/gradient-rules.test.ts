import '@tensorflow/tfjs-backend-cpu'
import type { GradientOptions } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { GradientRules } from './gradient-rules.ts'

beforeAll(() => tf.setBackend('cpu'))

/** What the rules make of steps with these gradients of two weights, the second of which has none; at the last step. */
function taken(options: GradientOptions, steps: readonly (readonly number[])[], limit?: number): number[] | undefined {
  const rules = new GradientRules(options)
  return tf.tidy(() => {
    let result: number[] | undefined
    for (const step of steps) {
      const gradients = rules.take([tf.tensor1d([...step]), undefined], limit)
      result = gradients && Array.from(gradients[0]?.dataSync() ?? [])
    }
    return result
  })
}

test.each<[GradientOptions, readonly number[], readonly number[]]>([
  [{}, [3, -4], [3, -4]],
  [{ clipNorm: 1 }, [3, -4], [0.6, -0.8]],
  [{ clipNorm: 6 }, [3, -4], [3, -4]],
  [{ globalClipNorm: 1 }, [3, -4], [0.6, -0.8]],
  [{ globalClipNorm: 6 }, [3, -4], [3, -4]],
  [{ globalClipNorm: 1 }, [0, 0], [0, 0]],
  [{ globalClipNorm: 1 }, [Number.POSITIVE_INFINITY, 1], [Number.NaN, Number.NaN]],
  [{ clipValue: 3.5 }, [3, -4], [3, -3.5]],
])('%o makes of %j what Keras makes of it', (options, gradient, expected) => {
  // float32, a few roundings.
  expect(taken(options, [gradient])?.map((value) => Number(value.toFixed(5)))).toEqual(expected)
})

test('a limit of the call takes the place of the number, not of the kind', () => {
  expect(taken({ clipValue: 1 }, [[3, -4]], 2)).toEqual([2, -2])
  expect(taken({ clipNorm: 1 }, [[3, -4]], 5)).toEqual([3, -4])
})

test('several steps are averaged first and clipped then', () => {
  const options = { accumulationSteps: 2, clipValue: 2.5 }
  expect(taken(options, [[3, -4]])).toBeUndefined()
  expect(
    taken(options, [
      [3, -4],
      [1, -4],
    ]),
  ).toEqual([2, -2.5])
  expect(
    taken(options, [
      [3, -4],
      [1, -4],
      [9, 9],
    ]),
  ).toBeUndefined()
})

test('keeps one tensor a weight between two updates, and none after the last', () => {
  const rules = new GradientRules({ accumulationSteps: 3 })
  const before = tf.memory().numTensors
  const counts = [1, 2, 3, 4].map((value) => {
    tf.tidy(() => void rules.take([tf.tensor1d([value]), undefined]))
    return tf.memory().numTensors - before
  })
  expect(counts).toEqual([1, 1, 0, 1])
  rules.reset()
  expect(tf.memory().numTensors).toBe(before)
})
