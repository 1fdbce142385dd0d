import type { Engine, Session } from './engine.ts'
import { GichoError, isGichoError } from './errors.ts'
import type { NamedArray } from './job.ts'

/** A device that is lost more often than this in one session isn't worth another try: the next engine goes on. */
const MOST_REVIVALS = 3

interface State {
  readonly weights: readonly NamedArray[]
  readonly optimizer: readonly NamedArray[]
}

/**
 * An engine whose sessions outlive their device: when a call ends with `engine-failed` (a GPU's driver was reset, a laptop has slept),
 * the session is opened anew, on the first of the engines that still can, its weights and optimizer are put back as the last `train`
 * call left them, and the call is made again. So nothing is lost but that call's steps, whose sums and draws are the same again.
 * What is put back is read after each `train` call; gradients that wait for their update (`accumulationSteps`) aren't part of it.
 * A device that was lost four times, or has no memory left (`out-of-memory`), is given up for the next engine. Opening is the first
 * engine's alone: what it throws passes (`fallbackEngine` goes on to others there).
 *
 * @param engines in order of preference, at least one; all must be able to run the job
 * @param onRevive told what failed, and which engine goes on
 * @throws GichoError `bad-argument` when there are no engines; from a call, what failed when no engine can go on
 */
export function revivingEngine(
  engines: readonly Engine[],
  onRevive?: (error: GichoError, goesOn: Engine) => void,
): Engine {
  const [first] = engines
  if (!first) throw new GichoError('bad-argument', 'revivingEngine: expected at least one engine, got none.')
  return {
    name: first.name,
    supports: (job) => first.supports(job),
    async open(job, data) {
      const left = [...engines]
      let revivals = 0
      const opened = await first.open(job, data)
      const session = new RevivingSession(opened, async (error) => {
        const isWorthATry = error.code === 'engine-failed' && revivals++ < MOST_REVIVALS
        if (!isWorthATry) left.shift()
        for (const engine of [...left]) {
          const reopened = await engine.open(job, data).catch(() => undefined)
          if (reopened) {
            onRevive?.(error, engine)
            return reopened
          }
          left.shift()
        }
        throw error
      })
      try {
        await session.keep()
      } catch (error) {
        await opened.dispose().catch(() => undefined)
        throw error
      }
      return session
    },
  }
}

class RevivingSession implements Session {
  #session: Session
  readonly #reopen: (error: GichoError) => Promise<Session>
  #state: State | undefined
  #ended = false

  constructor(session: Session, reopen: (error: GichoError) => Promise<Session>) {
    this.#session = session
    this.#reopen = reopen
  }

  get device(): Session['device'] {
    return this.#session.device
  }

  /** Notes where the session stands. */
  async keep(): Promise<void> {
    this.#state = { weights: await this.#session.readWeights(), optimizer: await this.#session.readOptimizer() }
  }

  /** Does a call, once more on a new session when its device fails. */
  async #alive<T>(call: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await call(this.#session)
    } catch (error) {
      const isOfDevice = isGichoError(error, 'engine-failed') || isGichoError(error, 'out-of-memory')
      if (!isOfDevice || this.#ended) throw error
      await this.#session.dispose().catch(() => undefined)
      this.#session = await this.#reopen(error)
      // The new device may be lost while it is given the state: that counts as the call.
      return this.#alive(async (session) => {
        await this.#restore(session)
        return call(session)
      })
    }
  }

  async #restore(session: Session): Promise<void> {
    if (!this.#state) return
    await session.writeWeights(this.#state.weights)
    await session.writeOptimizer(this.#state.optimizer)
  }

  train: Session['train'] = (request) =>
    this.#alive(async (session) => {
      const progress = await session.train(request)
      await this.keep()
      return progress
    })

  evaluate: Session['evaluate'] = (split, options) => this.#alive((session) => session.evaluate(split, options))

  predict: Session['predict'] = (images) => this.#alive((session) => session.predict(images))

  readWeights: Session['readWeights'] = () => this.#alive((session) => session.readWeights())

  readOptimizer: Session['readOptimizer'] = () => this.#alive((session) => session.readOptimizer())

  writeWeights: Session['writeWeights'] = (weights) =>
    this.#alive(async (session) => {
      await session.writeWeights(weights)
      await this.keep()
    })

  writeOptimizer: Session['writeOptimizer'] = (state) =>
    this.#alive(async (session) => {
      await session.writeOptimizer(state)
      await this.keep()
    })

  dispose(): Promise<void> {
    this.#ended = true
    return this.#session.dispose()
  }
}
