/** The least and the largest of any number of values; 0 and 0 of none. NaN only where it comes first. */
export function range(values: ArrayLike<number> & Iterable<number>): { readonly min: number; readonly max: number } {
  let min = values[0] ?? 0
  let max = min
  for (const value of values) {
    if (value < min) min = value
    if (value > max) max = value
  }
  return { min, max }
}
