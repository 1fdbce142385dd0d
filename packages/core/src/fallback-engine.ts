import type { Engine, Issue } from './engine.ts'
import { type ErrorCode, GichoError, isGichoError } from './errors.ts'

/** An engine that couldn't be opened, and why. */
export interface FailedEngine {
  readonly engine: Engine
  readonly error: unknown
}

/** What is wrong with a job or its data is wrong on every engine; anything else may be this engine's or its device's. */
const FAULTS_OF_THE_JOB: readonly ErrorCode[] = ['bad-argument', 'bad-shape', 'bad-data', 'aborted']

/**
 * Several engines as one: each job goes to the first that can run it, and on to the next of those when that one can't be opened: its
 * device refuses, has no memory, or doesn't compile its code. Such an engine isn't tried again for later jobs. The name is that of the
 * engine that was opened last, and before that the first's.
 *
 * @param engines in order of preference, at least one
 * @param onFallback told for each engine that was passed over, with everything in the job that it can't run
 * @param onFailed told once an engine is open, of those before it that couldn't be opened
 * @throws GichoError `bad-argument` when there are no engines; `open` throws what the last engine that can run the job throws
 */
export function fallbackEngine(
  engines: readonly Engine[],
  onFallback?: (passedOver: Engine, issues: readonly Issue[], chosen: Engine) => void,
  onFailed?: (failed: readonly FailedEngine[], goesOn: Engine) => void,
): Engine {
  const [first] = engines
  const last = engines.at(-1)
  if (!first || !last) throw new GichoError('bad-argument', 'fallbackEngine: expected at least one engine, got none.')
  let opened = first
  const givenUp = new Set<Engine>()
  return {
    get name() {
      return opened.name
    },
    supports: (job) => (engines.some((engine) => engine.supports(job).length === 0) ? [] : last.supports(job)),
    async open(job, data) {
      const failed: FailedEngine[] = []
      const able = engines.filter((engine) => engine.supports(job).length === 0)
      const [chosen = last, ...others] = able
      for (const engine of engines.slice(0, engines.indexOf(chosen))) onFallback?.(engine, engine.supports(job), chosen)
      for (const engine of withoutThese(givenUp, [chosen, ...others])) {
        try {
          const session = await engine.open(job, data)
          opened = engine
          for (const each of failed) givenUp.add(each.engine)
          if (failed.length > 0) onFailed?.(failed, engine)
          return session
        } catch (error) {
          if (FAULTS_OF_THE_JOB.some((code) => isGichoError(error, code))) throw error
          failed.push({ engine, error })
        }
      }
      throw failed.at(-1)?.error
    },
  }
}

/** The engines that aren't given up, or all where every one is. */
function withoutThese(givenUp: ReadonlySet<Engine>, engines: readonly Engine[]): readonly Engine[] {
  const left = engines.filter((engine) => !givenUp.has(engine))
  return left.length > 0 ? left : engines
}
