import { TYPICAL_SEED } from '@gicho/core'

/** What trains; `auto` is the first that this machine has. */
export const engineIds = ['auto', 'webgpu', 'wasm', 'tfjs-webgpu', 'tfjs-wasm'] as const
export type EngineId = (typeof engineIds)[number]

export const optimizerNames = ['rmsprop', 'sgd', 'adam', 'adamw'] as const
type OptimizerName = (typeof optimizerNames)[number]

/** How a lesson is to be run. */
export interface Settings {
  readonly engine: EngineId
  readonly epochs: number
  readonly batchSize: number
  readonly optimizer: OptimizerName
  readonly learningRate: number
  readonly seed: number
  /** No more than so many pictures of each part; 0 means all. */
  readonly limit: number
}

/** The settings of the course. */
export function courseSettings(fit: { readonly epochs: number; readonly batchSize: number } | undefined): Settings {
  const { epochs, batchSize } = fit ?? { epochs: 1, batchSize: 32 }
  return { engine: 'auto', epochs, batchSize, optimizer: 'rmsprop', learningRate: 1e-3, seed: TYPICAL_SEED, limit: 0 }
}

/** What each number may be; both ends belong to it. */
export const limits = {
  epochs: { low: 1, high: 200, step: 1 },
  batchSize: { low: 1, high: 1024, step: 1 },
  learningRate: { low: 1e-6, high: 1, step: 'any' },
  seed: { low: 0, high: 0xffffffff, step: 1 },
  limit: { low: 0, high: 60_000, step: 1 },
} as const

/** Names in a link, short enough to be read. */
const inLink = {
  engine: 'engine',
  epochs: 'epochs',
  batchSize: 'batch',
  optimizer: 'optimizer',
  learningRate: 'rate',
  seed: 'seed',
  limit: 'limit',
} as const

/** The settings that differ from the course's, as the query of a link; empty where none does. */
export function settingsQuery(settings: Settings, course: Settings): string {
  const query = new URLSearchParams()
  for (const name of keysOf(inLink)) {
    if (settings[name] !== course[name]) query.set(inLink[name], String(settings[name]))
  }
  return query.toString()
}

/** Settings out of a link; what is missing or makes no sense is the course's. */
export function readSettings(query: string, course: Settings): Settings {
  const given = new URLSearchParams(query)
  const number = (name: keyof typeof limits): number => {
    const value = Number(given.get(inLink[name]) ?? Number.NaN)
    const { low, high, step } = limits[name]
    const fits = value >= low && value <= high && (step === 'any' || Number.isInteger(value))
    return fits ? value : course[name]
  }
  return {
    engine: engineIds.find((id) => id === given.get(inLink.engine)) ?? course.engine,
    optimizer: optimizerNames.find((name) => name === given.get(inLink.optimizer)) ?? course.optimizer,
    epochs: number('epochs'),
    batchSize: number('batchSize'),
    learningRate: number('learningRate'),
    seed: number('seed'),
    limit: number('limit'),
  }
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record) as Key[] // TypeScript takes keys for any strings
}
