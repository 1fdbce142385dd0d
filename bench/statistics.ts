/** Median with the smallest and largest of some values. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** The middle value, or the mean of the middle two; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Median, min and max. @throws RangeError for no values */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('spread: expected at least one value, got none. Run one round or more.')
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/**
 * How many times as long `values` are as `reference`: the median of the ratios of those rounds that have both, since a
 * machine's slow moments fall on all of a round. By round; a round that one sat out is undefined. NaN without a common one.
 */
export function pairedRatio(
  values: readonly (number | undefined)[],
  reference: readonly (number | undefined)[],
): number {
  return median(
    values.flatMap((value, round) => {
      const other = reference[round]
      return value === undefined || other === undefined ? [] : [value / other]
    }),
  )
}

/** The largest relative difference of two loss curves over the steps that both have; NaN when there is none. */
export function curveDistance(losses: readonly number[], reference: readonly number[]): number {
  const steps = Math.min(losses.length, reference.length)
  if (steps === 0) return Number.NaN
  const distances = Array.from({ length: steps }, (_, i) => {
    const expected = reference[i] ?? Number.NaN
    return Math.abs((losses[i] ?? Number.NaN) - expected) / Math.abs(expected)
  })
  return distances.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(...distances)
}

/** How many steps a repetition of about `seconds` takes: at least one. */
export function stepsFor(seconds: number, msPerStep: number, most: number): number {
  return Math.max(1, Math.min(most, Math.round((seconds * 1000) / msPerStep)))
}
