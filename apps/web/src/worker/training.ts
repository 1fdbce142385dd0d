import type { Engine, EpochRecord, TrainingState } from '@gicho/core'
import type { Settings } from '../settings.ts'
import { chooseEngine } from './engines.ts'
import { Gate } from './gate.ts'
import { gatedEngine } from './gated-engine.ts'
import type { OnLost } from './lasting-engine.ts'

/** One training under way, and the page's hands on it. */
export class Training {
  readonly #gate = new Gate()
  readonly #stop = new AbortController()
  /** When the present pause began, and how long those of this epoch were, in milliseconds. */
  #pausedAt: number | undefined
  #pausedMs = 0

  get signal(): AbortSignal {
    return this.#stop.signal
  }

  get isPaused(): boolean {
    return !this.#gate.isOpen
  }

  pause(): void {
    this.#pausedAt ??= performance.now()
    this.#gate.close()
  }

  go(): void {
    this.#endPause()
    this.#gate.open()
  }

  /** One step, and it stands still again. */
  step(): void {
    this.pause()
    this.#gate.step()
  }

  stop(): void {
    this.#stop.abort()
  }

  async engine(settings: Settings, onLost: OnLost): Promise<Engine> {
    return gatedEngine(await chooseEngine(settings.engine, onLost), this.#gate)
  }

  /** The epoch as it would have been without pauses; the next one starts without any. */
  withoutPauses(record: EpochRecord, steps: number): EpochRecord {
    const paused = this.#takePauses()
    return { ...record, seconds: record.seconds - paused / 1000, msPerStep: record.msPerStep - paused / steps }
  }

  /** A state between two epochs has no pauses; one within an epoch has those so far. */
  stateWithoutPauses(state: TrainingState): TrainingState {
    const open = this.#pausedAt === undefined ? 0 : performance.now() - this.#pausedAt
    const paused = state.progress.steps === 0 ? 0 : (this.#pausedMs + open) / 1000
    return { ...state, seconds: Math.max(0, state.seconds - paused) }
  }

  #endPause(): void {
    if (this.#pausedAt !== undefined) this.#pausedMs += performance.now() - this.#pausedAt
    this.#pausedAt = undefined
  }

  #takePauses(): number {
    const paused = this.#pausedMs
    this.#pausedMs = 0
    return paused
  }
}
