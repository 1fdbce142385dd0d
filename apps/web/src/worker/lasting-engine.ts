import { type Engine, fallbackEngine, revivingEngine } from '@gicho/core'

/** Told of a device that can't go on, with the engine that goes on, and whether that is the same one with a new device. */
export type OnLost = (error: unknown, goesOn: Engine, isSame: boolean) => void

/** An engine that a learner named: where its device is lost, it goes on with a new one, or else with one of `rescues`. */
export function lastingEngine(engine: Engine, rescues: readonly Engine[], onLost: OnLost): Engine {
  return revivingEngine([engine, ...rescues], (error, goesOn) => onLost(error, goesOn, goesOn === engine))
}

/** The first of several engines that knows the model and whose device opens; a lost device is no end, as above. */
export function firstLastingEngine(engines: readonly Engine[], onLost: OnLost): Engine {
  const lasting = engines.map((engine, at) => lastingEngine(engine, engines.slice(at + 1), onLost))
  return fallbackEngine(lasting, undefined, ([first], goesOn) => onLost(first?.error, goesOn, false))
}
