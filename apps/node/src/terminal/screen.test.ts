import { expect, test } from 'vitest'
import { bold, cyan, dim, green, type OutputStream, screenOf, yellow } from './screen.ts'

function stream(isTTY: boolean, columns = 100, depth = 24): OutputStream & { written: string } {
  return {
    isTTY,
    columns,
    getColorDepth: () => depth,
    written: '',
    write(text) {
      this.written += text
      return true
    },
  }
}

test('a terminal has its own width and colours and can be drawn over', () => {
  expect(screenOf(stream(true), {})).toMatchObject({ width: 100, colours: 24, redraws: true })
  expect(screenOf(stream(true, 100, 8), {}).colours).toBe(8)
  expect(screenOf(stream(true, 100, 4), {}).colours).toBe(4)
})

test('a pipe is 80 columns wide, without colours, and gets plain lines', () => {
  expect(screenOf(stream(false, 0), {})).toMatchObject({ width: 80, colours: 1, redraws: false })
})

test('NO_COLOR takes the colours away, TERM=dumb the redrawing too', () => {
  expect(screenOf(stream(true), { NO_COLOR: '1' })).toMatchObject({ colours: 1, redraws: true })
  expect(screenOf(stream(true), { NO_COLOR: '' }).colours).toBe(24)
  expect(screenOf(stream(true), { TERM: 'dumb' })).toMatchObject({ colours: 1, redraws: false })
})

test('styles leave no codes where there are no colours', () => {
  const plain = screenOf(stream(false), {})
  for (const style of [bold, dim, green, yellow, cyan]) expect(style(plain, 'text')).toBe('text')
  expect(bold(screenOf(stream(true), {}), 'text')).toBe('\ufdd0[1mtext\ufdd0[22m')
})

test('what is written reaches the stream', () => {
  const target = stream(false)
  screenOf(target, {}).write('hello')
  expect(target.written).toBe('hello')
})
