import { describeValue, formatShape, GichoError, type NamedArray, sameShape, sizeOf, typedArrayName } from '@gicho/core'

/** The arrays by name, when they are exactly the expected ones. @throws GichoError `bad-shape`, `bad-argument` for other than float32 */
export function matchByName(
  what: string,
  expected: readonly Pick<NamedArray, 'name' | 'shape'>[],
  given: readonly NamedArray[],
): Map<string, NamedArray> {
  const byName = new Map(given.map((array) => [array.name, array]))
  const missing = expected.find(({ name }) => !byName.has(name))
  const names = new Set(expected.map(({ name }) => name))
  const extra = given.find(({ name }) => !names.has(name))
  if (missing || extra || given.length !== expected.length) {
    const detail = missing ? `"${missing.name}" is missing` : `"${extra?.name ?? given.at(-1)?.name}" is one too many`
    throw new GichoError(
      'bad-shape',
      `${what}: expected ${expected.length} arrays, got ${given.length}: ${detail}. Pass those of the same model.`,
    )
  }
  for (const { name, shape } of expected) {
    const array = byName.get(name)
    if (array && typedArrayName(array.values) !== 'Float32Array') {
      throw new GichoError(
        'bad-argument',
        `${what}: expected the values of ${name} in a Float32Array, got ${describeValue(array.values)}. Convert them.`,
      )
    }
    if (array && (!sameShape(array.shape, shape) || array.values.length !== sizeOf(shape))) {
      throw new GichoError(
        'bad-shape',
        `${what}: expected ${name} of shape ${formatShape(shape)}, got ${formatShape(array.shape)} ` +
          `with ${array.values.length} values.`,
      )
    }
  }
  return byName
}
