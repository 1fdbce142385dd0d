import {
  adam,
  adamw,
  GichoError,
  type InputTreatment,
  type LossName,
  type OptimizerConfig,
  rmsprop,
  sgd,
} from '@gicho/core'
import { isRecord } from './record.ts'

/** How a model was compiled: what it needs to be evaluated and trained on. */
export interface CompileOptions {
  readonly loss: LossName
  readonly optimizer: OptimizerConfig
  readonly metrics: readonly string[]
}

/** What gicho stores with a model, under the key `gicho` of tfjs' user-defined metadata. */
export interface ModelMetadata {
  /** The name of each output, by label. */
  readonly classNames: readonly string[]
  /** How an image's bytes become the model's input. */
  readonly input: InputTreatment
  readonly compile?: CompileOptions
}

const FORMAT_VERSION = 1

/** Metadata in the form in which tfjs stores it; for `LayersModel.setUserDefinedMetadata`. */
export function writeMetadata(metadata: ModelMetadata): Record<string, Record<string, unknown>> {
  const { classNames, input, compile } = metadata
  const { shape, scale, offset } = input
  const plain = { formatVersion: FORMAT_VERSION, classNames, input: { shape, scale, offset }, compile }
  return { gicho: JSON.parse(JSON.stringify(plain)) }
}

/**
 * Reads the metadata of a model that gicho saved.
 *
 * @param stored tfjs' user-defined metadata, as `LayersModel.getUserDefinedMetadata` gives it
 * @param where names the model in error messages
 * @throws GichoError `bad-data` when it is missing or a field isn't what it should be, `unsupported` for a newer format
 */
export function readMetadata(stored: unknown, where = 'model'): ModelMetadata {
  const found = isRecord(stored) ? stored.gicho : undefined
  if (!isRecord(found)) {
    throw new GichoError(
      'bad-data',
      `${where}: expected gicho's metadata (class names, input treatment), got none. ` +
        'Load it with tf.loadLayersModel and save it again with saveModel, naming both.',
    )
  }
  if (found.formatVersion !== FORMAT_VERSION) {
    const got = JSON.stringify(found.formatVersion)
    const hint = 'Install a newer @gicho/models.'
    throw new GichoError('unsupported', `${where}: expected metadata of version ${FORMAT_VERSION}, got ${got}. ${hint}`)
  }
  const field = new Fields(found, where)
  const compile = found.compile === undefined ? {} : { compile: readCompile(field.record('compile')) }
  const input = field.record('input')
  return {
    classNames: field.list('classNames', 'strings', isString),
    input: {
      shape: input.list('shape', 'sizes', isSize),
      scale: input.number('scale'),
      offset: input.number('offset'),
    },
    ...compile,
  }
}

function readCompile(field: Fields): CompileOptions {
  return {
    loss: field.oneOf('loss', LOSSES),
    optimizer: readOptimizer(field.record('optimizer')),
    metrics: field.list('metrics', 'strings', isString),
  }
}

const LOSSES: readonly LossName[] = [
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
  'binaryCrossentropy',
  'meanSquaredError',
  'meanAbsoluteError',
]

function readOptimizer(field: Fields): OptimizerConfig {
  const name = field.oneOf('name', ['rmsprop', 'sgd', 'adam', 'adamw'])
  const learningRate = field.number('learningRate')
  const shared = {
    learningRate,
    ...field.numbersThere(['clipNorm', 'globalClipNorm', 'clipValue', 'accumulationSteps']),
  }
  if (name === 'sgd') return sgd({ ...shared, momentum: field.number('momentum'), ...field.flagsThere(['nesterov']) })
  const epsilon = field.number('epsilon')
  if (name === 'rmsprop') {
    const epsilonMode = field.oneOf('epsilonMode', ['keras3', 'tf2'])
    const more = { ...field.numbersThere(['momentum']), ...field.flagsThere(['centered']) }
    return rmsprop({ ...shared, rho: field.number('rho'), epsilon, epsilonMode, ...more })
  }
  const moments = { ...shared, beta1: field.number('beta1'), beta2: field.number('beta2'), epsilon }
  return name === 'adam' ? adam(moments) : adamw({ ...moments, weightDecay: field.number('weightDecay') })
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0
}

/** Typed reading of one JSON object; each error names the field. */
class Fields {
  readonly #values: Record<string, unknown>
  readonly #where: string

  constructor(values: Record<string, unknown>, where: string) {
    this.#values = values
    this.#where = where
  }

  record(name: string): Fields {
    const value = this.#values[name]
    return isRecord(value) ? new Fields(value, this.#where) : this.#refuse(name, 'an object')
  }

  number(name: string): number {
    const value = this.#values[name]
    return typeof value === 'number' ? value : this.#refuse(name, 'a number')
  }

  /** Those of the named numbers that are there at all. */
  numbersThere<N extends string>(names: readonly N[]): Partial<Record<N, number>> {
    const there: Partial<Record<N, number>> = {}
    for (const name of names) if (this.#values[name] !== undefined) there[name] = this.number(name)
    return there
  }

  flagsThere<N extends string>(names: readonly N[]): Partial<Record<N, boolean>> {
    const there: Partial<Record<N, boolean>> = {}
    for (const name of names) {
      const value = this.#values[name]
      if (value !== undefined) there[name] = typeof value === 'boolean' ? value : this.#refuse(name, 'true or false')
    }
    return there
  }

  list<T>(name: string, kind: string, fits: (value: unknown) => value is T): T[] {
    const value = this.#values[name]
    return Array.isArray(value) && value.every(fits) ? value : this.#refuse(name, `a list of ${kind}`)
  }

  oneOf<T extends string>(name: string, known: readonly T[]): T {
    const value = this.#values[name]
    return known.find((k) => k === value) ?? this.#refuse(name, known.map((k) => `"${k}"`).join(' or '))
  }

  #refuse(name: string, expected: string): never {
    const got = JSON.stringify(this.#values[name])
    throw new GichoError('bad-data', `${this.#where}: expected metadata ${name} to be ${expected}, got ${got}.`)
  }
}
