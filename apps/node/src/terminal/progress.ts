import type { EpochRecord, StepProgress } from '@gicho/core'
import type { Phrases } from '../phrases.ts'
import { CLEAR_LINE } from './printable.ts'
import { dim, green, type Screen, writeLine } from './screen.ts'
import { cut, textWidth } from './text.ts'

type Progress = StepProgress & { readonly epoch: number; readonly stepsPerEpoch: number }

const REDRAW_MS = 100
const PLAIN_LINE_MS = 10_000
const LONGEST_BAR = 30

/** An epoch's progress in the manner of Keras: a line drawn over and over on a terminal, a line every ten seconds elsewhere. */
export class ProgressBar {
  readonly #screen: Screen
  readonly #say: Phrases
  readonly #epochs: number
  readonly #now: () => number
  #epoch = 0
  #steps = 0
  #epochStart = 0
  #lastDrawn = 0
  #open = false

  constructor(screen: Screen, say: Phrases, epochs: number, now: () => number = () => performance.now()) {
    this.#screen = screen
    this.#say = say
    this.#epochs = epochs
    this.#now = now
    this.#epochStart = now()
  }

  /** Draws the state, unless it was drawn just now. */
  step(progress: Progress): void {
    const now = this.#now()
    if (progress.epoch !== this.#epoch) {
      this.#epoch = progress.epoch
      this.#lastDrawn = this.#screen.redraws ? Number.NEGATIVE_INFINITY : now
      if (this.#screen.redraws) writeLine(this.#screen, this.#say.epoch(progress.epoch, this.#epochs))
    }
    this.#steps = progress.stepsPerEpoch
    const finished = progress.steps >= progress.stepsPerEpoch
    if (now - this.#lastDrawn < (this.#screen.redraws ? REDRAW_MS : PLAIN_LINE_MS) && !finished) return
    if (finished && !this.#screen.redraws) return
    this.#lastDrawn = now
    const msPerStep = (now - this.#epochStart) / Math.max(1, progress.steps)
    const left = (msPerStep * (progress.stepsPerEpoch - progress.steps)) / 1000
    const wait = finished ? this.#say.validating : this.#say.left(formatSeconds(left))
    const means = { loss: progress.loss / progress.samples, accuracy: progress.correct / progress.samples }
    const text = `${formatMs(msPerStep)}/step - ${formatLogs(means)} - ${wait}`
    this.#draw(progress.steps, text)
  }

  /** Ends the epoch's line with its results. */
  epoch(record: EpochRecord): void {
    const head = `${formatSeconds(record.seconds)} ${formatMs(record.msPerStep)}/step`
    const logs = formatLogs(record)
    if (this.#screen.redraws) {
      const onOneLine = textWidth(`${head} - ${logs}`) + 40 <= this.#screen.width
      this.#draw(this.#steps, onOneLine ? `${head} - ${logs}` : head)
      this.close()
      if (!onOneLine) writeLine(this.#screen, `  ${logs}`)
    } else {
      writeLine(this.#screen, `${this.#say.epoch(record.epoch, this.#epochs)}: ${head} - ${logs}`)
    }
    this.#epochStart = this.#now()
  }

  /** Leaves the line as it is; what is written next begins on a new one. */
  close(): void {
    if (this.#open) this.#screen.write('\n')
    this.#open = false
  }

  #draw(steps: number, text: string): void {
    const count = `${String(steps).padStart(String(this.#steps).length)}/${this.#steps}`
    if (!this.#screen.redraws) {
      writeLine(this.#screen, `${this.#say.epoch(this.#epoch, this.#epochs)}: ${count} - ${text}`)
      return
    }
    const room = this.#screen.width - 1 - textWidth(`${count}  ${text}`)
    const bar = barOf(this.#screen, Math.min(LONGEST_BAR, room), steps / Math.max(1, this.#steps))
    const rest = bar === '' ? cut(`${count} ${text}`, this.#screen.width - 1) : `${count} ${bar} ${text}`
    this.#screen.write(`${CLEAR_LINE}${rest}`)
    this.#open = true
  }
}

/** A bar of `length` columns, filled to a share; nothing where it would be too short to tell anything. */
function barOf(screen: Screen, length: number, share: number): string {
  if (length < 5) return ''
  const full = Math.round(Math.min(1, share) * length)
  return green(screen, '\u2501'.repeat(full)) + dim(screen, '\u2500'.repeat(length - full))
}

/** Seconds as people say them: `0.8s`, `42s`, `3m05s`, `2h10m`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)}s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`
  return `${Math.floor(whole / 3600)}h${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}m`
}

function formatMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)}ms`
}

/** Results under Keras' names, four digits each. */
function formatLogs(logs: Partial<Record<'loss' | 'accuracy' | 'val_loss' | 'val_accuracy', number>>): string {
  const names = ['loss', 'accuracy', 'val_loss', 'val_accuracy'] as const
  return names.flatMap((name) => (logs[name] === undefined ? [] : [`${name}: ${logs[name].toFixed(4)}`])).join(' - ')
}
