import { expect, test } from 'vitest'
import { FakeScreen } from '../../test/fake-screen.ts'
import { gridLines, pictureLines } from './picture.ts'

const slope = { title: 'slope', pixels: Uint8Array.of(0, 85, 170, 255), shape: [2, 2, 1] } as const

test('without colours a picture is drawn in letters from dark to light, two for each pixel', () => {
  expect(pictureLines(new FakeScreen(), slope, 'grey')).toEqual(['  --', '**@@'])
})

test('with all colours each half block carries two pixels', () => {
  expect(pictureLines(new FakeScreen(80, 24), slope, 'grey')).toEqual([
    '\ufdd0[38;2;0;0;0;48;2;170;170;170m\u2580\ufdd0[38;2;85;85;85;48;2;255;255;255m\u2580\ufdd0[0m',
  ])
})

test('with 256 colours the nearest greys are taken', () => {
  expect(pictureLines(new FakeScreen(80, 8), slope, 'grey')).toEqual([
    '\ufdd0[38;5;16;48;5;248m\u2580\ufdd0[38;5;240;48;5;231m\u2580\ufdd0[0m',
  ])
})

test('viridis goes from violet to yellow', () => {
  const ends = { title: '', pixels: Uint8Array.of(0, 255), shape: [2, 1, 1] } as const
  expect(pictureLines(new FakeScreen(80, 24), ends, 'viridis')).toEqual([
    '\ufdd0[38;2;68;1;84;48;2;253;231;37m\u2580\ufdd0[0m',
  ])
})

test('a picture of three channels keeps its colours', () => {
  const red = { title: '', pixels: Uint8Array.of(255, 0, 0), shape: [1, 1, 3] } as const
  expect(pictureLines(new FakeScreen(80, 24), red, 'grey')).toEqual([
    '\ufdd0[38;2;255;0;0;48;2;255;0;0m\u2580\ufdd0[0m',
  ])
  expect(pictureLines(new FakeScreen(80, 8), red, 'grey')[0]).toContain('38;5;196')
})

test('a grid puts as many pictures in a row as fit, each under its title', () => {
  expect(gridLines(new FakeScreen(10), [slope, slope, slope], 10, 'grey')).toMatchInlineSnapshot(`
    [
      "slope  slope",
      "  --    --",
      "**@@  **@@",
      "slope",
      "  --",
      "**@@",
    ]
  `)
})

test('too few bytes for a picture are named', () => {
  const short = { title: 'short', pixels: new Uint8Array(3), shape: [2, 2, 1] } as const
  expect(() => pictureLines(new FakeScreen(), short, 'grey')).toThrow('picture "short": expected 2x2x1 bytes, got 3.')
})
