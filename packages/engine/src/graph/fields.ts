import { GichoError } from '@gicho/core'

/** A JSON object whose fields are read with checks. */
export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrong(where: string, key: string, expected: string, got: unknown): GichoError {
  return new GichoError(
    'bad-data',
    `model topology: ${where}.${key}: expected ${expected}, got ${JSON.stringify(got)}.`,
  )
}

/** The object at `key`. @throws GichoError `bad-data` */
export function fieldsAt(fields: Fields, key: string, where: string): Fields {
  const value = fields[key]
  if (!isFields(value)) throw wrong(where, key, 'an object', value)
  return value
}

export function textAt(fields: Fields, key: string, where: string, otherwise?: string): string {
  const value = fields[key] ?? otherwise
  if (typeof value !== 'string') throw wrong(where, key, 'a string', value)
  return value
}

export function numberAt(fields: Fields, key: string, where: string, otherwise?: number): number {
  const value = fields[key] ?? otherwise
  if (typeof value !== 'number') throw wrong(where, key, 'a number', value)
  return value
}

export function flagAt(fields: Fields, key: string, otherwise: boolean): boolean {
  const value = fields[key]
  return typeof value === 'boolean' ? value : otherwise
}

/** A pair given as one number or as two. */
export function pairAt(fields: Fields, key: string, where: string, otherwise?: number): [number, number] {
  const value = fields[key] ?? otherwise
  if (typeof value === 'number') return [value, value]
  if (Array.isArray(value) && value.length === 2) {
    const [a, b]: unknown[] = value
    if (typeof a === 'number' && typeof b === 'number') return [a, b]
  }
  throw wrong(where, key, 'a number or two', value)
}

export function listAt(fields: Fields, key: string, where: string): readonly unknown[] {
  const value = fields[key]
  if (!Array.isArray(value)) throw wrong(where, key, 'a list', value)
  return value
}
