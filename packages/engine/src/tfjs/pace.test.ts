import { expect, test } from 'vitest'
import { pace } from './pace.ts'

test('a step that waits is over before the next one begins', async () => {
  const calls: string[] = []
  const step = (index: number): void | Promise<void> => {
    calls.push(`step ${index}`)
    if (index !== 1) return
    return new Promise((resolve) => {
      setTimeout(() => {
        calls.push('waited')
        resolve()
      }, 5)
    })
  }
  const done = await pace(
    4,
    step,
    async (steps) => void calls.push(`rest ${steps}`),
    () => true,
  )
  expect(done).toBe(4)
  const steps = calls.filter((call) => !call.startsWith('rest'))
  expect(steps).toEqual(['step 0', 'step 1', 'waited', 'step 2', 'step 3'])
  expect(calls.at(-1)).toBe('rest 4')
})

test('what a step says later ends the pace', async () => {
  const steps: number[] = []
  const step = async (index: number): Promise<void> => {
    steps.push(index)
    if (index === 2) throw new Error('lost')
  }
  await expect(
    pace(
      9,
      step,
      async () => undefined,
      () => true,
    ),
  ).rejects.toThrow('lost')
  expect(steps).toEqual([0, 1, 2])
})
