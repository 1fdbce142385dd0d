import { toTerminal } from '../src/terminal/printable.ts'
import type { ColourDepth, Screen } from '../src/terminal/screen.ts'

/** A screen that keeps what is written on it. */
export class FakeScreen implements Screen {
  readonly width: number
  readonly colours: ColourDepth
  readonly redraws: boolean
  text = ''

  constructor(width = 80, colours: ColourDepth = 1, redraws = false) {
    this.width = width
    this.colours = colours
    this.redraws = redraws
  }

  write(text: string): void {
    this.text += toTerminal(text)
  }

  /** What was written, as lines. */
  get lines(): string[] {
    return this.text.split('\n')
  }
}
