import { expect, test } from 'vitest'
import { FakeScreen } from '../../test/fake-screen.ts'
import { type PicturesOutput, showPictures } from './show-pictures.ts'

const picture = { title: 'a', pixels: new Uint8Array(784), shape: [28, 28, 1] } as const

/** Lesson 4's batch. */
const batch: PicturesOutput = {
  kind: 'pictures',
  title: 'x[0:32]',
  columns: 8,
  pictures: Array.from({ length: 32 }, () => picture),
  colours: 'viridis',
}
const one: PicturesOutput = { ...batch, title: 'x[0]', pictures: [picture] }

function shown(
  screen: FakeScreen,
  output: PicturesOutput,
  always = false,
  file: string | undefined = 'r/batch.svg',
): FakeScreen {
  showPictures(screen, output, 'en', { file, always })
  return screen
}

test('a pipe gets one line, which names the file and the option that draws', () => {
  expect(shown(new FakeScreen(120), batch).text).toBe(
    'x[0:32]: 32 pictures, in r/batch.svg (--pictures draws them here)\n',
  )
  expect(shown(new FakeScreen(120), one).text).toBe('x[0]: a picture, in r/batch.svg (--pictures draws it here)\n')
  const korean = new FakeScreen()
  showPictures(korean, batch, 'ko', { file: 'r/batch.svg', always: false })
  expect(korean.text).toBe('x[0:32]: 그림 32장, r/batch.svg (--pictures를 쓰면 여기에 그립니다)\n')
})

test('a pipe of a lesson that keeps no run names no file', () => {
  const screen = new FakeScreen()
  showPictures(screen, one, 'en', { file: undefined, always: false })
  expect(screen.text).toBe('x[0]: a picture (--pictures draws it here)\n')
})

test('a terminal of 120 columns with colours shows all of a batch', () => {
  const { lines, text } = shown(new FakeScreen(120, 24, true), batch)
  expect(lines).toHaveLength(1 + 8 * 15 + 1) // title, eight rows of four, the end
  expect(text).not.toContain('first')
})

test.each([
  [80, 24, 16],
  [120, 1, 8],
  [80, 1, 4],
  [40, 24, 8],
] as const)('in %i columns and %i bits of colour, the first %i are drawn, and it says so', (width, colours, drawn) => {
  const { lines } = shown(new FakeScreen(width, colours, true), batch)
  expect(lines.length).toBeLessThan(135)
  expect(lines.at(-2)).toContain(
    `These are the first ${drawn} of 32. All of them: r/batch.svg. --pictures draws them all here.`,
  )
})

test('--pictures draws everything, everywhere', () => {
  expect(shown(new FakeScreen(80), batch, true).lines.length).toBeGreaterThan(32 * 28)
  expect(shown(new FakeScreen(80, 24, true), batch, true).lines).toHaveLength(1 + 16 * 15 + 1)
})

test('one picture is drawn in any terminal, however small', () => {
  expect(shown(new FakeScreen(20, 1, true), one).lines.length).toBeGreaterThan(28)
})
