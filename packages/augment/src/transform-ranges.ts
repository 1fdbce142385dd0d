import { GichoError } from '@gicho/core'

/**
 * How far an image is shifted at most.
 *
 * - a number below 1: a share of the image's size, drawn evenly from -share to share
 * - a whole number n >= 1: Python's int; one of 0, 1, … n - 1 pixels, to either side
 * - another number above 1: pixels, drawn evenly
 * - a list: one of its entries, to either side; pixels, or shares where all entries are below 1
 * - `{ uniform: n }`: Python's float, also where n is whole: `{ uniform: 2 }` is Keras' 2.0, from -2 to 2 pixels evenly
 */
export type ShiftRange = number | readonly number[] | { readonly uniform: number }

/** What may happen to an image. Each is off where it is left out; names and meaning are Keras'. */
export interface TransformOptions {
  /** Degrees, to either side. */
  readonly rotationRange?: number
  readonly widthShiftRange?: ShiftRange
  readonly heightShiftRange?: ShiftRange
  /** Degrees, to either side. */
  readonly shearRange?: number
  /** A number z means 1 - z to 1 + z; or both ends. Rows and columns are drawn apart. */
  readonly zoomRange?: number | readonly [low: number, high: number]
  /** In the images' own units, to either side. */
  readonly channelShiftRange?: number
  /** Both ends of a factor. */
  readonly brightnessRange?: readonly [low: number, high: number]
  readonly horizontalFlip?: boolean
  readonly verticalFlip?: boolean
}

/** Checked ranges, as {@link drawTransform} reads them. */
export interface TransformRanges {
  readonly rotation: number
  /** A number is drawn evenly, values are picked from, null is no shift. */
  readonly heightShift: number | { readonly values: readonly number[] } | null
  readonly widthShift: number | { readonly values: readonly number[] } | null
  readonly shear: number
  readonly zoom: readonly [low: number, high: number]
  readonly channelShift: number
  readonly brightness: readonly [low: number, high: number] | null
  readonly horizontalFlip: boolean
  readonly verticalFlip: boolean
}

/**
 * Checks options and fills in Keras' defaults.
 *
 * @throws GichoError `bad-argument` for a number that isn't finite, a negative shift, a pair that isn't one
 */
export function transformRanges(options: TransformOptions): TransformRanges {
  return {
    rotation: finite('rotationRange', options.rotationRange ?? 0),
    heightShift: shiftRange('heightShiftRange', options.heightShiftRange ?? 0),
    widthShift: shiftRange('widthShiftRange', options.widthShiftRange ?? 0),
    shear: finite('shearRange', options.shearRange ?? 0),
    zoom: zoomRange(options.zoomRange ?? 0),
    channelShift: finite('channelShiftRange', options.channelShiftRange ?? 0),
    brightness: options.brightnessRange === undefined ? null : pair('brightnessRange', options.brightnessRange),
    horizontalFlip: options.horizontalFlip ?? false,
    verticalFlip: options.verticalFlip ?? false,
  }
}

function finite(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new GichoError('bad-argument', `${name}: expected a finite number, got ${String(value)}.`)
}

function pair(name: string, value: readonly unknown[]): readonly [number, number] {
  const [low, high] = value
  if (value.length === 2 && Number.isFinite(low) && Number.isFinite(high)) return [Number(low), Number(high)]
  throw new GichoError('bad-argument', `${name}: expected two finite numbers, got [${value}].`)
}

function zoomRange(value: number | readonly number[]): readonly [number, number] {
  if (typeof value !== 'number') return pair('zoomRange', value)
  const range = finite('zoomRange', value)
  return [1 - range, 1 + range]
}

function shiftRange(name: string, value: ShiftRange): TransformRanges['heightShift'] {
  if (typeof value === 'number') {
    const range = positive(name, value)
    if (range === 0) return null
    if (!Number.isInteger(range)) return range
    return { values: Array.from({ length: range }, (_, i) => i) }
  }
  if ('uniform' in value) return positive(name, value.uniform) || null
  if (value.length === 0) return null // Python's empty list is false
  return { values: value.map((entry) => finite(name, entry)) }
}

function positive(name: string, value: unknown): number {
  const range = finite(name, value)
  if (range >= 0) return range
  throw new GichoError(
    'bad-argument',
    `${name}: expected a number >= 0, got ${range}. Shifts go to both sides: leave out the sign.`,
  )
}
