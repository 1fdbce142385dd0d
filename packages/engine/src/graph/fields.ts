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

/** A finite number. */
export function numberAt(fields: Fields, key: string, where: string, otherwise?: number): number {
  const value = fields[key] ?? otherwise
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(where, key, 'a number', value)
  return value
}

/** A finite number between two bounds, which belong to the range. */
export function numberWithin(
  fields: Fields,
  key: string,
  where: string,
  { least, most = Number.POSITIVE_INFINITY, otherwise }: { least: number; most?: number; otherwise?: number },
): number {
  const value = numberAt(fields, key, where, otherwise)
  if (value >= least && value <= most) return value
  throw wrong(
    where,
    key,
    most === Number.POSITIVE_INFINITY ? `a number from ${least} on` : `a number from ${least} to ${most}`,
    value,
  )
}

/** The largest size that a layer may name: sums of a few of them stay far within 32 bits, which kernels count in. */
const MOST_SIZE: number = 2 ** 24

/** The most rows or columns that an image or a window may have. */
export const MOST_SIDE: number = 2 ** 19

function isSize(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= MOST_SIZE
}

/** A whole number from `least` (1 unless said) to {@link MOST_SIZE}. */
export function sizeAt(fields: Fields, key: string, where: string, otherwise?: number, least = 1): number {
  const value = fields[key] ?? otherwise
  if (!isSize(value, least)) throw wrong(where, key, `a whole number from ${least} to ${MOST_SIZE}`, value)
  return value
}

export function flagAt(fields: Fields, key: string, otherwise: boolean): boolean {
  const value = fields[key]
  return typeof value === 'boolean' ? value : otherwise
}

/** A pair of sizes given as one number or as two, each whole and from `least` (1 unless said) to {@link MOST_SIZE}. */
export function pairAt(fields: Fields, key: string, where: string, otherwise?: number, least = 1): [number, number] {
  const value = fields[key] ?? otherwise
  if (isSize(value, least)) return [value, value]
  if (Array.isArray(value) && value.length === 2) {
    const [a, b]: unknown[] = value
    if (isSize(a, least) && isSize(b, least)) return [a, b]
  }
  throw wrong(where, key, `one or two whole numbers from ${least} to ${MOST_SIZE}`, value)
}

export function listAt(fields: Fields, key: string, where: string): readonly unknown[] {
  const value = fields[key]
  if (!Array.isArray(value)) throw wrong(where, key, 'a list', value)
  return value
}
