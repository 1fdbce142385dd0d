import { expect, test } from 'vitest'
import { courseSettings, readSettings, settingNumber, settingsQuery } from './settings.ts'

const course = courseSettings({ epochs: 5, batchSize: 32 })

test('a link carries what differs from the course, and comes back as the same settings', () => {
  expect(settingsQuery(course, course)).toBe('')
  const changed = { ...course, engine: 'wasm', epochs: 2, optimizer: 'adam', learningRate: 0.01, seed: 7 } as const
  const query = settingsQuery(changed, course)
  expect(query).toBe('engine=wasm&epochs=2&optimizer=adam&rate=0.01&seed=7')
  expect(readSettings(query, course)).toEqual({ settings: changed, senseless: [], unknown: [] })
})

test("what makes no sense in a link is the course's, and named", () => {
  for (const query of [
    'epochs=-1',
    'epochs=1e9',
    'epochs=two',
    'epochs=',
    'batch=2.5',
    'engine=gpu',
    'optimizer=',
    'rate=0',
    'seed=-1',
    'limit=60001',
  ]) {
    expect(readSettings(query, course), query).toEqual({ settings: course, senseless: [query], unknown: [] })
  }
})

test('what no setting of a link is called is named, too, and nothing else is lost', () => {
  for (const query of ['x=1', 'EPOCHS=3', 'dropout=0.5', '__proto__=1', 'toString=1', 'learningRate=0.1']) {
    expect(readSettings(query, course), query).toEqual({ settings: course, senseless: [], unknown: [query] })
    expect(readSettings(`epochs=2&${query}`, course).settings.epochs, query).toBe(2)
  }
})

test('a text is a setting only where it says a number that the setting may be', () => {
  expect(settingNumber('epochs', ' 7 ')).toBe(7)
  expect(settingNumber('learningRate', '1e-4')).toBe(1e-4)
  expect(settingNumber('limit', '0')).toBe(0)
  for (const text of ['', ' ', '0', '2.5', '201', 'two', 'Infinity']) {
    expect(settingNumber('epochs', text), text).toBeUndefined()
  }
})
