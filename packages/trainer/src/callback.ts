import { describeValue, type EpochRecord, GichoError, type History, type NamedArray, nearestName } from '@gicho/core'

/** What a callback can see and do. */
export interface FitContext {
  readonly epochs: number
  readonly stepsPerEpoch: number
  /** True when every epoch ends with a validation, so that `val_` metrics are there. */
  readonly validates: boolean
  /** False with a mean error, of which the loss alone is measured. */
  readonly measuresAccuracy: boolean
  /** How the training ended; undefined while it runs, and when it ran to its end. */
  readonly stopped: StopReason | undefined
  /** The rate from the next epoch on; set it to change it. */
  learningRate: number
  /** The limit of the optimizer's clip, whichever it has, from the next epoch on; set it to change it. Undefined without a clip. */
  clip: number | undefined
  /** Ends the training after this epoch. */
  stop(): void
  readWeights(): Promise<NamedArray[]>
  writeWeights(weights: readonly NamedArray[]): Promise<void>
  readOptimizer(): Promise<NamedArray[]>
}

/** `early`: a callback stopped it; `aborted`: the signal did. */
export type StopReason = 'early' | 'aborted'

/** The methods of a {@link Callback}. */
const HOOKS = ['onTrainBegin', 'onEpochBegin', 'onEpochEnd', 'onTrainEnd'] as const

/**
 * Refuses callbacks that wouldn't be called as their author expects.
 *
 * @throws GichoError `bad-argument` for something else than a list, for callbacks of tfjs, and for a hook that there isn't
 */
export function checkCallbacks(callbacks: unknown): void {
  if (callbacks === undefined) return
  const bad = (message: string): GichoError => new GichoError('bad-argument', `fit: ${message}`)
  if (!Array.isArray(callbacks)) {
    throw bad(
      `expected callbacks to be a list of objects, got ${describeValue(callbacks)}. Write callbacks: [callback].`,
    )
  }
  const known = `A callback has any of ${HOOKS.join(', ')}`
  for (const [i, callback] of callbacks.entries()) {
    if (typeof callback !== 'object' || callback === null) {
      throw bad(`expected callback ${i} to be an object, got ${describeValue(callback)}. ${known}.`)
    }
    if ('setModel' in callback || 'setParams' in callback) {
      throw bad(
        `callback ${i} is one of tfjs, which is called otherwise. Use earlyStopping() of @gicho/trainer. ${known}.`,
      )
    }
    const names = hooksOf(callback)
    const unknown = names.find((name) => !HOOKS.some((hook) => hook === name))
    if (unknown !== undefined) {
      const guess = nearestName(unknown, HOOKS)
      const help = /batch|step/i.test(unknown) ? ' Progress within an epoch goes to the onProgress option of fit.' : ''
      throw bad(
        `there is no ${unknown} in a callback.${guess && !help ? ` Did you mean ${guess}?` : ''} ${known}.${help}`,
      )
    }
    if (names.length === 0) throw bad(`callback ${i} has no method that would be called. ${known}.`)
  }
}

/** The names of methods of an object and its classes that begin with `on`. */
function hooksOf(callback: object): string[] {
  const names: string[] = []
  for (let at: object = callback; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    names.push(
      ...Object.getOwnPropertyNames(at).filter((name) => /^on([A-Z]|_)/.test(name) && isMethod(callback, name)),
    )
  }
  return names
}

function isMethod(callback: object, name: string): boolean {
  return typeof Reflect.get(callback, name) === 'function'
}

/** Takes part in a `fit`. Each method is awaited; what it throws ends the training. */
export interface Callback {
  onTrainBegin?(context: FitContext): void | Promise<void>
  /** @param epoch counted from 1 */
  onEpochBegin?(epoch: number, context: FitContext): void | Promise<void>
  /** After the epoch's validation. */
  onEpochEnd?(record: EpochRecord, context: FitContext): void | Promise<void>
  /** After the last epoch, also when the training was stopped or aborted; not after an error. */
  onTrainEnd?(history: History, context: FitContext): void | Promise<void>
}
