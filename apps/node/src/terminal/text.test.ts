import { expect, test } from 'vitest'
import { cut, padEnd, padStart, textWidth, wrap } from './text.ts'

test('a Korean syllable takes two columns, a colour code none, a combining mark none', () => {
  expect(textWidth('mnist')).toBe(5)
  expect(textWidth('기초')).toBe(4)
  expect(textWidth('\ufdd0[1mbold\ufdd0[22m')).toBe(4)
  expect(textWidth('e\u0301')).toBe(1)
  expect(textWidth('\u2501\u2580')).toBe(2)
})

test('padding fills up columns, not characters', () => {
  expect(padEnd('층', 4)).toBe('층  ')
  expect(padStart('층', 4)).toBe('  층')
  expect(padEnd('too long', 3)).toBe('too long')
})

test('cutting never splits a wide character', () => {
  expect(cut('가나다', 5)).toBe('가나')
})

test('text is broken at spaces, to the width, and paragraphs stay apart', () => {
  expect(wrap('one two three\n\nfour', 8)).toEqual(['one two', 'three', '', 'four'])
  expect(wrap('손글씨 숫자 읽기', 8)).toEqual(['손글씨', '숫자', '읽기'])
})

test('a word that is wider than the line is cut', () => {
  expect(wrap('ab abcdefgh', 3)).toEqual(['ab', 'abc', 'def', 'gh'])
  expect(wrap('ab 가나', 1)).toEqual(['a', 'b', '가', '나', ''])
})
