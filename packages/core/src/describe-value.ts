/** What a value is, in words for a message: `a Float32Array`, `a plain array`, `a tensor`, `a function`, `nothing`. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (typeof value !== 'object') return typeof value === 'function' ? 'a function' : primitive(value)
  if (Array.isArray(value)) return 'a plain array'
  const typed = typedArrayName(value)
  if (typed) return typed.startsWith('Int') ? `an ${typed}` : `a ${typed}`
  if (isTensor(value)) return `a tensor of shape [${value.shape.join(', ')}]`
  if ('next' in value && (Symbol.iterator in value || Symbol.asyncIterator in value)) return 'an iterator'
  const { name } = Object.getPrototypeOf(value)?.constructor ?? {}
  return typeof name === 'string' && name !== 'Object' && name !== '' ? `an object of class ${name}` : 'an object'
}

function primitive(value: unknown): string {
  if (value === '') return 'an empty string'
  const text = String(value)
  return `the ${typeof value} ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`
}

/** What came where a number was expected, for a message: a number as it is, anything else as {@link describeValue} says it. */
export function describeNumber(value: unknown): string {
  return typeof value === 'number' ? String(value) : describeValue(value)
}

/** The class of a typed array, also of one that another page or realm made; undefined for anything else. A `Buffer` is a Uint8Array. */
export function typedArrayName(value: unknown): string | undefined {
  if (!ArrayBuffer.isView(value) || !(Symbol.toStringTag in value)) return undefined
  const name = value[Symbol.toStringTag]
  return typeof name === 'string' && name !== 'DataView' ? name : undefined
}

/** True for a Uint8Array: what images are. */
export function isBytes(value: unknown): value is Uint8Array {
  return typedArrayName(value) === 'Uint8Array'
}

function isTensor(value: object): value is { shape: readonly number[] } {
  return 'shape' in value && Array.isArray(value.shape) && 'dataSync' in value
}
