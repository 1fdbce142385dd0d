/*
 * Sine and cosine with the same bits in every JavaScript engine, and (but for a few in a thousand) glibc's, which are
 * numpy's. `Math.sin` may differ between engines; V8's differs from glibc's in the last bit for 3 of 100 angles, and a
 * pixel that is read at a whole coordinate can tell.
 * Idea: x = k pi/2 + a + b with a on a grid of 1/128. sin a and cos a stand in a table as pairs of float64, made once
 * by Taylor's series; sin b and cos b are short polynomials; the addition theorem puts them together.
 * Source: the method of glibc's sysdeps/ieee754/dbl-64/s_sin.c (IBM Accurate Mathematical Library).
 * Invariant: at most 0.51 ulp from the true value for |x| < 10^5.
 */

const GRID = 128
const TABLE_ENTRIES = 102 // to pi/4 and one more
const TAYLOR_TERMS = 26

// pi/2 in three parts; the first two have 33 bits, so that their products with k are exact.
const HALF_PI_1 = 1.5707963267341256
const HALF_PI_2 = 6.077100506303966e-11
const HALF_PI_3 = 2.0222662487959506e-21

/** sin high, sin low, cos high, cos low for each a = i / 128. */
const table: Float64Array = makeTable()

/** Angle in radians to its sine and cosine. */
export function sineCosine(angle: number): readonly [sine: number, cosine: number] {
  const quarter = Math.round(angle / (Math.PI / 2))
  const exact = angle - quarter * HALF_PI_1
  const moved = quarter * HALF_PI_2
  const high = exact - moved
  const low = exact - high - moved - quarter * HALF_PI_3
  const sine = sineOf(high, low)
  const cosine = cosineOf(high, low)
  switch (quarter & 3) {
    case 0:
      return [sine, cosine]
    case 1:
      return [cosine, -sine]
    case 2:
      return [-sine, -cosine]
    default:
      return [-cosine, sine]
  }
}

function sineOf(high: number, low: number): number {
  if (high < 0) return -sineOf(-high, -low)
  const entry = Math.round(high * GRID)
  const b = high - entry / GRID
  const square = b * b
  const sineRest = low + b * square * (-1 / 6 + square * (1 / 120 - square / 5040))
  const cosineRest = -b * low + square * (-0.5 + square * (1 / 24 - square / 720))
  const [sinHigh, sinLow, cosHigh, cosLow] = entryAt(entry)
  // sin a + cos a b, with the product's rounding error caught, and then what is small.
  const product = cosHigh * b
  const sum = sinHigh + product
  const rest = sinHigh - sum + product + productRest(cosHigh, b, product)
  return sum + (rest + (sinLow + cosLow * b + cosHigh * sineRest + sinHigh * cosineRest))
}

function cosineOf(high: number, low: number): number {
  if (high < 0) return cosineOf(-high, -low)
  const entry = Math.round(high * GRID)
  const b = high - entry / GRID
  const square = b * b
  const sineRest = low + b * square * (-1 / 6 + square * (1 / 120 - square / 5040))
  const cosineRest = -b * low + square * (-0.5 + square * (1 / 24 - square / 720))
  const [sinHigh, sinLow, cosHigh, cosLow] = entryAt(entry)
  const product = -sinHigh * b
  const sum = cosHigh + product
  const rest = cosHigh - sum + product + productRest(-sinHigh, b, product)
  return sum + (rest + (cosLow - sinLow * b - sinHigh * sineRest + cosHigh * cosineRest))
}

function entryAt(entry: number): readonly [number, number, number, number] {
  const at = 4 * entry
  return [table[at] ?? 0, table[at + 1] ?? 0, table[at + 2] ?? 0, table[at + 3] ?? 0]
}

/** What `a * b` lost in rounding to `product` (Dekker's two-product). */
function productRest(a: number, b: number, product: number): number {
  const aCut = 134217729 * a
  const bCut = 134217729 * b
  const aHigh = aCut - (aCut - a)
  const bHigh = bCut - (bCut - b)
  const aLow = a - aHigh
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}

/** Taylor's series in whole numbers of 160 binary digits: exact enough to round to pairs of float64. */
function makeTable(): Float64Array {
  const values = new Float64Array(4 * TABLE_ENTRIES)
  const digits = 160n
  for (let entry = 0; entry < TABLE_ENTRIES; entry++) {
    let sine = 0n
    let cosine = 0n
    let term = 1n << digits
    for (let n = 0; n < TAYLOR_TERMS; n++) {
      const sign = n & 2 ? -1n : 1n
      if (n & 1) sine += sign * term
      else cosine += sign * term
      term = (term * BigInt(entry)) / (BigInt(GRID) * BigInt(n + 1))
    }
    values.set([...asPair(sine, digits), ...asPair(cosine, digits)], 4 * entry)
  }
  return values
}

function asPair(value: bigint, digits: bigint): [high: number, low: number] {
  const scale = 2 ** -Number(digits)
  const high = Number(value) // BigInt to number rounds to nearest
  return [high * scale, Number(value - BigInt(high)) * scale]
}
