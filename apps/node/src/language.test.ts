import { expect, test } from 'vitest'
import { chooseLanguage } from './language.ts'

test('--lang comes first, then the locale, then English', () => {
  expect(chooseLanguage('en', { LANG: 'ko_KR.UTF-8' })).toBe('en')
  expect(chooseLanguage(undefined, { LANG: 'ko_KR.UTF-8' })).toBe('ko')
  expect(chooseLanguage(undefined, { LC_ALL: 'ko', LANG: 'en_US' })).toBe('ko')
  expect(chooseLanguage(undefined, { LC_ALL: 'C', LANG: 'ko_KR' })).toBe('en')
  expect(chooseLanguage(undefined, {})).toBe('en')
})

test('another language is met with the known ones', () => {
  expect(() => chooseLanguage('fr', {})).toThrow('--lang: unknown lang "fr". Known: en, ko.')
})
