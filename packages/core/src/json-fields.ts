import type { GichoError } from './errors.ts'

/** A JSON object whose fields nobody has checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** True for a JSON object, that is neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Makes the error for a field that isn't what it should be; `path` names it from the outermost object, as `history[0].loss`. */
export type RefuseField = (path: string, expected: string, got: unknown) => GichoError

/** Typed reading of one JSON object: every method throws what `refuse` makes of a field that isn't as expected. */
export class JsonFields {
  readonly values: JsonObject
  readonly #refuse: RefuseField
  readonly #path: string

  constructor(values: JsonObject, refuse: RefuseField, path = '') {
    this.values = values
    this.#refuse = refuse
    this.#path = path
  }

  record(name: string): JsonFields {
    const value = this.values[name]
    return isJsonObject(value) ? this.#inside(name, value) : this.refuse(name, 'an object')
  }

  /** A list of objects. */
  records(name: string, kind: string): JsonFields[] {
    const list: unknown = this.values[name]
    if (!Array.isArray(list)) return this.refuse(name, `a list of ${kind}`)
    return list.map((value: unknown, index) => {
      const place = `${name}[${index}]`
      return isJsonObject(value) ? this.#inside(place, value) : this.refuse(place, 'an object', value)
    })
  }

  list<T>(name: string, kind: string, fits: (value: unknown) => value is T): T[] {
    const value = this.values[name]
    return Array.isArray(value) && value.every(fits) ? value : this.refuse(name, `a list of ${kind}`)
  }

  text(name: string, pattern: RegExp = /^/, expected: string = 'a text'): string {
    const value = this.values[name]
    return typeof value === 'string' && pattern.test(value) ? value : this.refuse(name, expected)
  }

  number(name: string): number {
    const value = this.values[name]
    return typeof value === 'number' && Number.isFinite(value) ? value : this.refuse(name, 'a number')
  }

  /** A whole number within bounds, both included. */
  whole(name: string, low: number, high: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.values[name]
    if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value
    const range = high === Number.MAX_SAFE_INTEGER ? `of at least ${low}` : `from ${low} to ${high}`
    return this.refuse(name, `a whole number ${range}`)
  }

  flag(name: string): boolean {
    const value = this.values[name]
    return typeof value === 'boolean' ? value : this.refuse(name, 'true or false')
  }

  oneOf<T extends string>(name: string, known: readonly T[]): T {
    const value = this.values[name]
    return known.find((one) => one === value) ?? this.refuse(name, known.map((one) => `"${one}"`).join(' or '))
  }

  /** What `read` makes of the named fields that are there at all. */
  there<Name extends string, T>(names: readonly Name[], read: (name: Name) => T): Partial<Record<Name, T>> {
    const found: Partial<Record<Name, T>> = {}
    for (const name of names) if (this.values[name] !== undefined) found[name] = read(name)
    return found
  }

  /** @throws what the reader of this object throws for a field */
  refuse(name: string, expected: string, got: unknown = this.values[name]): never {
    throw this.#refuse(this.#pathOf(name), expected, got)
  }

  #inside(name: string, values: JsonObject): JsonFields {
    return new JsonFields(values, this.#refuse, this.#pathOf(name))
  }

  #pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`
  }
}
