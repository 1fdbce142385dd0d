import { join } from 'node:path'
import { expect, test } from 'vitest'
import { calledAs } from './called-as.ts'
import { shellWord } from './shell-word.ts'

const script = join('/', 'work', 'gicho', 'apps', 'node', 'bin', 'gicho.js')
const root = join('/', 'work', 'gicho')

test('what is advised can be typed: by npm in the repository, whichever script ran', () => {
  for (const event of ['gicho', 'lesson']) {
    expect(calledAs({ npm_lifecycle_event: event }, script, root)).toBe('npm run gicho --')
  }
})

test('by npx where npx called it, and not where npx called something else', () => {
  expect(calledAs({ npm_lifecycle_event: 'npx', npm_lifecycle_script: '"gicho" "list"' }, script, root)).toBe(
    'npx gicho',
  )
  expect(calledAs({ npm_lifecycle_event: 'npx', npm_lifecycle_script: 'vitest run' }, script, root)).toContain('node ')
})

test('by node with a path that holds from where one is', () => {
  expect(calledAs({}, script, root)).toBe(`node ${join('apps', 'node', 'bin', 'gicho.js')}`)
  expect(calledAs({}, join(root, 'my work', 'gicho.js'), root)).toBe(`node ${shellWord(join('my work', 'gicho.js'))}`)
})

test('by its name where it is installed', () => {
  expect(calledAs({}, join('/', 'usr', 'bin', 'gicho'), root)).toBe('gicho')
})
