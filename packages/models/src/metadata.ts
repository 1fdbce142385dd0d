import {
  GichoError,
  type InputTreatment,
  isJsonObject,
  JsonFields,
  type LossName,
  type OptimizerConfig,
  readOptimizer,
} from '@gicho/core'

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
  const found = isJsonObject(stored) ? stored.gicho : undefined
  if (!isJsonObject(found)) {
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
  const field = new JsonFields(found, (path, expected, got) => wrongField(where, path, expected, got))
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

function readCompile(field: JsonFields): CompileOptions {
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

function wrongField(where: string, path: string, expected: string, got: unknown): GichoError {
  const name = path.slice(path.lastIndexOf('.') + 1)
  return new GichoError(
    'bad-data',
    `${where}: expected metadata ${name} to be ${expected}, got ${JSON.stringify(got)}.`,
  )
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}

function isSize(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0
}
