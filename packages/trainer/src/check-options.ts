import { checkOptionNames, describeNumber, describeValue, GichoError, isJsonObject, typedArrayName } from '@gicho/core'

/** Says what is wrong with a value, as the end of a sentence; undefined for one that is right. */
type Check = (value: unknown) => string | undefined

/** What each option has to be where its type can't be trusted, as in a program without types. Numbers have checks of their own. */
const CHECKS: Readonly<Record<string, Check>> = {
  shuffle: (value) => (typeof value === 'boolean' ? undefined : `true or false, got ${describeValue(value)}`),
  input: inputFault,
  augment: (value) =>
    isJsonObject(value) && typeof value.drawTable === 'function' && isJsonObject(value.augmentation)
      ? undefined
      : `an ImageDataGenerator of @gicho/augment, got ${describeValue(value)}`,
  signal: (value) =>
    isJsonObject(value) && typeof value.aborted === 'boolean' && typeof value.addEventListener === 'function'
      ? undefined
      : `an AbortSignal (new AbortController().signal), got ${describeValue(value)}`,
  sampleWeight: (value) =>
    typedArrayName(value) !== undefined || Array.isArray(value)
      ? undefined
      : `a Float32Array with a weight for each image, got ${describeValue(value)}`,
  resumeFrom: stateFault,
  onCheckpoint: functionFault,
  onStart: functionFault,
  onProgress: functionFault,
  onEpoch: functionFault,
  onWarning: functionFault,
}

/**
 * Refuses options that there aren't, and values of another kind than theirs, before anything is computed.
 *
 * @throws GichoError `bad-argument`
 */
export function checkOptions(where: string, options: object, known: readonly string[]): void {
  checkOptionNames(where, options, known)
  for (const [name, value] of Object.entries(options)) {
    const fault = value === undefined ? undefined : CHECKS[name]?.(value)
    if (fault) throw new GichoError('bad-argument', `${where}: expected ${name} to be ${fault}.`)
  }
}

function functionFault(value: unknown): string | undefined {
  return typeof value === 'function' ? undefined : `a function, got ${describeValue(value)}`
}

function inputFault(value: unknown): string | undefined {
  const expected = '{ shape, scale, offset }, as unitRange([28, 28, 1]) of @gicho/core gives it'
  if (!isJsonObject(value)) return `${expected}, got ${describeValue(value)}`
  const { shape, scale, offset } = value
  if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && size > 0)) {
    const got = Array.isArray(shape) ? `[${shape.join(', ')}]` : describeValue(shape)
    return `${expected}, got a shape that is ${got}. It is the model's input shape without the batch`
  }
  const wrong = Object.entries({ scale, offset }).find(([, number]) => !Number.isFinite(number))
  return wrong && `${expected}, got ${wrong[0]} that is ${describeNumber(wrong[1])}. It is a finite number`
}

/** Of a state that comes from a program: one from a file was read by `decodeCheckpoint`. */
function stateFault(value: unknown): string | undefined {
  const expected = 'a state that onCheckpoint was given, or what decodeCheckpoint makes of its bytes'
  if (!isJsonObject(value)) return `${expected}, got ${describeValue(value)}`
  const { weights, optimizer, history, progress, random } = value
  const missing = Object.entries({
    weights: isArrays(weights),
    optimizer: isArrays(optimizer),
    history: Array.isArray(history),
    progress: isJsonObject(progress) && Number.isInteger(progress.steps),
    random: isJsonObject(random) && typedArrayName(random.key) === 'Uint32Array',
    rowsOfPass: Number.isInteger(value.rowsOfPass),
    epoch: Number.isInteger(value.epoch),
    learningRate: Number.isFinite(value.learningRate),
  }).find(([, isThere]) => !isThere)
  return missing && `${expected}, got one whose ${missing[0]} is ${describeValue(value[missing[0]])}`
}

function isArrays(value: unknown): boolean {
  const isArray = (array: unknown): boolean =>
    isJsonObject(array) &&
    typeof array.name === 'string' &&
    Array.isArray(array.shape) &&
    typedArrayName(array.values) === 'Float32Array'
  return Array.isArray(value) && value.every(isArray)
}
