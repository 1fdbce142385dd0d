import { expect, test } from 'vitest'
import { closeLabelGap } from './sign-language-labels.ts'

test('labels come out as 0..23 from both ways to count', () => {
  const letters = Uint8Array.from({ length: 24 }, (_, i) => i)
  const alphabet = letters.map((label) => (label > 8 ? label + 1 : label))
  expect(closeLabelGap(letters, 'x')).toEqual(letters)
  expect(closeLabelGap(alphabet, 'x')).toEqual(letters)
  expect(closeLabelGap(Uint8Array.of(8, 10), 'x')).toEqual(Uint8Array.of(8, 9))
})

test('labels that mix both ways are refused', () => {
  expect(() => closeLabelGap(Uint8Array.of(0, 24, 9), 'x.csv')).toThrow(
    'x.csv: expected labels 0..24 without 9 (J has no still image) or labels 0..23, ' +
      'got label 9 in row 3 and label 24 in row 2. Label the letters in one of these ways.',
  )
})
