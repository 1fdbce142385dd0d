import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FakeScreen } from '../../test/fake-screen.ts'
import { CLEAR_LINE, jsonLine, MARK, printable, toTerminal } from './printable.ts'
import { bold, screenOf, writeLine, writePairs } from './screen.ts'

test('what would move the cursor, colour or turn text becomes visible', () => {
  expect(printable('a\u001b[2Jb\u0007\u007f')).toBe('a\\x1b[2Jb\\x07\\x7f')
  expect(printable('\u009b31m\u009d0;title\u009c')).toBe('\\x9b31m\\x9d0;title\\x9c')
  expect(printable('invoice\u202egnp.exe')).toBe('invoice\\u202egnp.exe')
  expect(printable('over\rwritten')).toBe('over\\x0dwritten')
  expect(printable('기초 é \t ok\r\nnext\n')).toBe('기초 é \t ok\nnext\n')
})

test('no text, whoever wrote it, reaches a terminal with a control in it', () => {
  const terminal = { isTTY: true, columns: 80, getColorDepth: () => 24 }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const parts: string[] = []
      const screen = screenOf({ ...terminal, write: (part) => void parts.push(part) }, {})
      writeLine(screen, text)
      const written = parts.join('')
      expect(written).not.toMatch(/[^\P{Cc}\n\t]/u)
      expect(written).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
    }),
  )
})

test('our own colours reach a terminal, those of others don’t, and a line is begun anew', () => {
  const screen = new FakeScreen(80, 24)
  writeLine(screen, bold(screen, 'mine \u001b[31mtheirs'))
  expect(screen.text).toBe('\u001b[1mmine \\x1b[31mtheirs\u001b[22m\n')
  expect(toTerminal(`${CLEAR_LINE}40%`)).toBe('\r\u001b[K40%')
  expect(toTerminal(`${MARK}[2J${MARK}`)).toBe('\\ufdd0[2J\\ufdd0')
})

test('a value of a card stays on its line', () => {
  const screen = new FakeScreen()
  writePairs(screen, [['device', 'CPU\nSaved in /']])
  expect(screen.lines).toEqual(['  device  CPU Saved in /', ''])
})

test('an event of --json is one line of plain JSON that says the same', () => {
  const event = { event: 'run', device: '\u009b2J\u202e\u007f\u001b\n', name: '기초' }
  const line = jsonLine(event)
  expect(line).toBe('{"event":"run","device":"\\u009b2J\\u202e\\u007f\\u001b\\n","name":"기초"}\n')
  expect(JSON.parse(line)).toEqual(event)
})
