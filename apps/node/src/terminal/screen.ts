import { MARK, oneLine, toTerminal } from './printable.ts'
import { padEnd, textWidth, wrap } from './text.ts'

/** Bits of colour: 1 none, 4 sixteen colours, 8 the 256 of xterm, 24 all. */
export type ColourDepth = 1 | 4 | 8 | 24

/** Where text is drawn: a terminal, or a pipe or file, which gets plain lines. */
export interface Screen {
  /** Columns; 80 where nobody knows. */
  readonly width: number
  readonly colours: ColourDepth
  /** True when a line can be drawn over: a terminal. */
  readonly redraws: boolean
  /** Writes text and our own colours; of others' text nothing that a terminal obeys. */
  write(text: string): void
}

/** The environment variables that matter here. */
export type Environment = Readonly<Record<string, string | undefined>>

const PROSE_WIDTH = 88 // longer lines are hard to read

/** What is asked of a stream: the process's own have it all. */
export type OutputStream = Pick<NodeJS.WriteStream, 'columns' | 'getColorDepth'> & {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** The screen behind a stream of the process. */
export function screenOf(stream: OutputStream, env: Environment): Screen {
  const terminal = stream.isTTY === true && env.TERM !== 'dumb'
  return {
    get width() {
      return stream.columns > 0 ? stream.columns : 80
    },
    colours: terminal && !env.NO_COLOR ? depthOf(stream, env) : 1,
    redraws: terminal,
    write: (text) => {
      stream.write(toTerminal(text))
    },
  }
}

function depthOf(stream: OutputStream, env: Environment): ColourDepth {
  const bits = stream.getColorDepth({ ...env })
  return bits >= 24 ? 24 : bits >= 8 ? 8 : bits >= 4 ? 4 : 1
}

/** Writes one line. */
export function writeLine(screen: Screen, text = ''): void {
  screen.write(`${text}\n`)
}

/** Paragraphs as lines, broken to the screen's width. */
export function proseLines(screen: Screen, text: string): string[] {
  return wrap(text, Math.max(1, Math.min(screen.width - 1, PROSE_WIDTH)))
}

/** Writes paragraphs. */
export function writeProse(screen: Screen, text: string): void {
  for (const line of proseLines(screen, text)) writeLine(screen, line)
}

/** Writes a message: broken at spaces in a terminal; as one line on a pipe, so that it can be searched. */
export function writeMessage(screen: Screen, text: string): void {
  for (const line of screen.redraws ? wrap(text, Math.max(20, screen.width - 1)) : [text]) writeLine(screen, line)
}

/** Rows of names and values as lines, the values starting in one column. */
export function pairLines(screen: Screen, pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([name]) => textWidth(name)))
  return pairs.map(([name, value]) => `  ${dim(screen, padEnd(name, width))}  ${oneLine(value)}`)
}

/** Writes rows of names and values. */
export function writePairs(screen: Screen, pairs: readonly (readonly [string, string])[]): void {
  for (const line of pairLines(screen, pairs)) writeLine(screen, line)
}

function styled(screen: Screen, on: number, off: number, text: string): string {
  return screen.colours === 1 ? text : `${MARK}[${on}m${text}${MARK}[${off}m`
}

export function bold(screen: Screen, text: string): string {
  return styled(screen, 1, 22, text)
}

export function dim(screen: Screen, text: string): string {
  return styled(screen, 2, 22, text)
}

export function green(screen: Screen, text: string): string {
  return styled(screen, 32, 39, text)
}

export function yellow(screen: Screen, text: string): string {
  return styled(screen, 33, 39, text)
}

export function cyan(screen: Screen, text: string): string {
  return styled(screen, 36, 39, text)
}
