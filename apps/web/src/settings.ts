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

/** A setting that is a number. */
export type NumberSetting = keyof typeof limits

/** What a text says a setting is; undefined where it says nothing that the setting may be. */
export function settingNumber(name: NumberSetting, text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  const { low, high, step } = limits[name]
  return value >= low && value <= high && (step === 'any' || Number.isInteger(value)) ? value : undefined
}

/** True where steps that were run with some settings have to be run again; engine and epochs count while it trains alone. */
export function changesLesson(now: Settings, before: Settings | undefined): boolean {
  const names = ['limit', 'seed', 'batchSize', 'optimizer', 'learningRate'] as const
  return names.some((name) => now[name] !== before?.[name])
}

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

/** Settings out of a link. */
export interface LinkedSettings {
  /** What is missing or makes no sense is the course's. */
  readonly settings: Settings
  /** What makes no sense, as it stands in the link: `epochs=-1`. */
  readonly senseless: readonly string[]
  /** What no setting is called, as it stands in the link: `dropout=0.5`. */
  readonly unknown: readonly string[]
}

/** Reads the settings out of a link's query. */
export function readSettings(query: string, course: Settings): LinkedSettings {
  const given = new URLSearchParams(query)
  const senseless: string[] = []
  const read = <Name extends keyof typeof inLink>(
    name: Name,
    parse: (text: string) => Settings[Name] | undefined,
  ): Settings[Name] => {
    const text = given.get(inLink[name])
    if (text === null) return course[name]
    const value = parse(text)
    if (value === undefined) senseless.push(`${inLink[name]}=${text}`)
    return value ?? course[name]
  }
  const number = (name: NumberSetting): number => read(name, (text) => settingNumber(name, text))
  const settings = {
    engine: read('engine', (text) => engineIds.find((id) => id === text)),
    optimizer: read('optimizer', (text) => optimizerNames.find((name) => name === text)),
    epochs: number('epochs'),
    batchSize: number('batchSize'),
    learningRate: number('learningRate'),
    seed: number('seed'),
    limit: number('limit'),
  }
  const names: ReadonlySet<string> = new Set(Object.values(inLink))
  const unknown = [...given].filter(([name]) => !names.has(name)).map(([name, text]) => `${name}=${text}`)
  return { settings, senseless, unknown }
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record) as Key[] // TypeScript takes keys for any strings
}
