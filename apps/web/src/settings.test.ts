import { expect, test } from 'vitest'
import { courseSettings, readSettings, settingsQuery } from './settings.ts'

const course = courseSettings({ epochs: 5, batchSize: 32 })

test('a link carries what differs from the course, and comes back as the same settings', () => {
  expect(settingsQuery(course, course)).toBe('')
  const changed = { ...course, engine: 'wasm', epochs: 2, optimizer: 'adam', learningRate: 0.01, seed: 7 } as const
  const query = settingsQuery(changed, course)
  expect(query).toBe('engine=wasm&epochs=2&optimizer=adam&rate=0.01&seed=7')
  expect(readSettings(query, course)).toEqual(changed)
})

test("what makes no sense in a link is the course's", () => {
  for (const query of [
    'epochs=-1',
    'epochs=1e9',
    'epochs=two',
    'batch=2.5',
    'engine=gpu',
    'optimizer=',
    'rate=0',
    'x=1',
  ]) {
    expect(readSettings(query, course), query).toEqual(course)
  }
})
