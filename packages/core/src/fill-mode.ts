/** What stands outside an image, in scipy's meaning of the words: the names are Keras' `fill_mode`. */
export type FillMode = 'nearest' | 'constant' | 'reflect' | 'wrap'

/** All fill modes. */
export const fillModes: readonly FillMode[] = ['nearest', 'constant', 'reflect', 'wrap']

/** True for one of the four names. */
export function isFillMode(value: unknown): value is FillMode {
  return fillModes.some((mode) => mode === value)
}

/** A coordinate that `constant` fills, as scipy marks it. */
export const OUTSIDE = -1

// 1e-15 keeps a reflected coordinate from falling on the wrong side of the first pixel.
const REFLECT_GUARD = 1e-15

/**
 * Brings a coordinate along an axis of `length` pixels to where its value is read: scipy's `map_coordinate`.
 *
 * `nearest` a a a | a b c d | d d d; `reflect` c b a | a b c d | d c b; `wrap` has period length - 1 (pixel 0 and the
 * last one coincide; it is not scipy's `grid-wrap`); `constant` has a hard edge: -1e-9 is outside already.
 * Source: scipy/ndimage/src/ni_interpolation.c.
 *
 * @returns a coordinate in [0, length - 1]; for `reflect` in (-1, length), where the neighbour outside is the edge's
 *   pixel again; for `constant` {@link OUTSIDE} where cval stands
 */
export function mapCoordinate(coordinate: number, length: number, mode: FillMode): number {
  const last = length - 1
  if (coordinate >= 0 && coordinate <= last) return coordinate
  if (mode === 'constant') return OUTSIDE
  if (mode === 'nearest') return coordinate < 0 ? 0 : last
  if (length <= 1) return 0
  return mode === 'reflect' ? reflected(coordinate, length) : wrapped(coordinate, last)
}

function reflected(coordinate: number, length: number): number {
  const period = 2 * length
  if (coordinate >= 0) {
    const inPeriod = coordinate - period * Math.trunc(coordinate / period)
    return inPeriod >= length ? period - inPeriod - 1 : inPeriod
  }
  const inPeriod = coordinate < -period ? period * Math.trunc(-coordinate / period) + coordinate : coordinate
  if (inPeriod < -length) return inPeriod + period
  return (inPeriod > -REFLECT_GUARD ? REFLECT_GUARD : -inPeriod) - 1
}

function wrapped(coordinate: number, period: number): number {
  if (coordinate < 0) return coordinate + period * (Math.trunc(-coordinate / period) + 1)
  return coordinate - period * Math.trunc(coordinate / period)
}
