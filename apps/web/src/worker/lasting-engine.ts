import { type Engine, fallbackEngine, type GichoError, isGichoError, revivingEngine } from '@gicho/core'

/** Told of a device that can't go on, with the engine that goes on, and whether that is the same one with a new device. */
export type OnLost = (error: GichoError, goesOn: Engine, isSame: boolean) => void

/** An engine that a learner named: where its device is lost, it goes on with a new one, or else with `rescue`. */
export function lastingEngine(engine: Engine, rescue: Engine | undefined, onLost: OnLost): Engine {
  return reviving(rescue ? [engine, rescue] : [engine], engine, onLost)
}

/** The first of several engines that knows the model and whose device opens; a lost device is no end, as above. */
export function firstLastingEngine(engines: readonly Engine[], onLost: OnLost): Engine {
  const choice = fallbackEngine(engines)
  return {
    name: choice.name,
    supports: (job) => choice.supports(job),
    async open(job, data) {
      const [first, ...others] = engines.filter((engine) => engine.supports(job).length === 0)
      if (!first) return choice.open(job, data) // and that says what can't be run
      try {
        return await reviving([first, ...others], first, onLost).open(job, data)
      } catch (error) {
        const [next] = others
        if (!next || !isOfDevice(error)) throw error
        onLost(error, next, false)
        return firstLastingEngine(others, onLost).open(job, data)
      }
    },
  }
}

function reviving(engines: readonly Engine[], first: Engine, onLost: OnLost): Engine {
  return revivingEngine(engines, (error, goesOn) => onLost(error, goesOn, goesOn === first))
}

/** True for what the device says, and not the model or the data. */
function isOfDevice(error: unknown): error is GichoError {
  return (['unavailable', 'engine-failed', 'out-of-memory'] as const).some((code) => isGichoError(error, code))
}
