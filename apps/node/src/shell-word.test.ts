import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shellWord } from './shell-word.ts'

test('a plain path is typed as it is, in any language', () => {
  for (const path of ['runs/mnist/1', '/tmp/손글씨/1', './a.b-c_d', 'été:1@x+y=z'])
    expect(shellWord(path, 'linux')).toBe(path)
  expect(shellWord(String.raw`C:\runs\mnist`, 'win32')).toBe(String.raw`C:\runs\mnist`)
})

test('a path with spaces, quotes or a command in it is one word, and no command', () => {
  expect(shellWord('my runs/mnist/1', 'linux')).toBe("'my runs/mnist/1'")
  expect(shellWord("it's", 'linux')).toBe(String.raw`'it'\''s'`)
  expect(shellWord('$(touch x)`y`', 'linux')).toBe("'$(touch x)`y`'")
  expect(shellWord(String.raw`a\b`, 'linux')).toBe(String.raw`'a\b'`)
  expect(shellWord('my runs', 'win32')).toBe('"my runs"')
})

test('what a terminal obeys is typed as an escape, and a leading dash is no option', () => {
  expect(shellWord("a\u001b[31m\n'b\\", 'linux')).toBe(String.raw`$'a\x1b[31m\x0a\'b\\'`)
  expect(shellWord('a\u202eb', 'linux')).toBe(String.raw`$'a\u202eb'`)
  expect(shellWord('--out/mnist/1', 'linux')).toBe('./--out/mnist/1')
})

test.skipIf(process.platform === 'win32')('a shell reads any path back as it was', () => {
  const text = fc.string({
    unit: fc.constantFrom(...'aé글$`"\'\\ !*?~#;&|<>(){}[]\n\t\u001b\u007f-'.split('')),
    minLength: 1,
  })
  fc.assert(
    fc.property(fc.array(text, { minLength: 20, maxLength: 20 }), (paths) => {
      const script = `printf '%s\\0' ${paths.map((path) => shellWord(path, 'linux')).join(' ')}`
      const read = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
      expect(read.map((path) => path.replace(/^\.\/(?=-)/, ''))).toEqual(paths)
    }),
    { numRuns: 20 },
  )
})
