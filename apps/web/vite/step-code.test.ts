import { expect, test } from 'vitest'
import { stepCode, stepHelpers } from './step-code.ts'

const source = `
import { a, b } from './steps/one.ts'
import { c } from './other.ts'

export const lesson = {
  steps: [
    {
      id: 'load',
      async run(lesson: Lesson) {
        if (lesson) {
          return a(lesson)
        }
      },
    },
    { id: 'short', run: async () => [b()] },
  ],
}
`

test("each step's code is found and moved to the left", () => {
  const code = stepCode('lesson.ts', source)
  expect([...code.keys()]).toEqual(['load', 'short'])
  expect(code.get('load')).toBe('async run(lesson: Lesson) {\n  if (lesson) {\n    return a(lesson)\n  }\n}')
  expect(code.get('short')).toBe('run: async () => [b()]')
})

test('functions that lessons share are told from others', () => {
  expect([...stepHelpers(source)]).toEqual([
    ['a', './steps/one.ts'],
    ['b', './steps/one.ts'],
  ])
})

test('a file without steps is an error', () => {
  expect(() => stepCode('x.ts', 'export const x = 1')).toThrow('x.ts: expected steps with an id and a run, got none.')
  expect(() => stepCode('x.ts', 'export const = 1')).toThrow(/^x\.ts: /)
})
