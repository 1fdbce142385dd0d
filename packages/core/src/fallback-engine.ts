import type { Engine, Issue } from './engine.ts'
import { GichoError } from './errors.ts'
import type { TrainingJob } from './job.ts'

/**
 * Several engines as one: each job goes to the first that can run it.
 *
 * @param engines in order of preference, at least one
 * @param onFallback told for each engine that was passed over, with everything in the job that it can't run
 * @throws GichoError `bad-argument` when there are no engines
 */
export function fallbackEngine(
  engines: readonly Engine[],
  onFallback?: (passedOver: Engine, issues: readonly Issue[], chosen: Engine) => void,
): Engine {
  const [first] = engines
  const last = engines.at(-1)
  if (!first || !last) throw new GichoError('bad-argument', 'fallbackEngine: expected at least one engine, got none.')
  const choose = (job: TrainingJob): Engine => engines.find((engine) => engine.supports(job).length === 0) ?? last
  return {
    name: first.name,
    supports: (job) => choose(job).supports(job),
    open(job, data) {
      const chosen = choose(job)
      for (const engine of engines.slice(0, engines.indexOf(chosen))) onFallback?.(engine, engine.supports(job), chosen)
      return chosen.open(job, data)
    },
  }
}
