/** The least and the largest value; 0 and 0 of an empty array. */
export function range(values: Float32Array): { readonly min: number; readonly max: number } {
  let min = values[0] ?? 0
  let max = min
  for (const value of values) {
    if (value < min) min = value
    if (value > max) max = value
  }
  return { min, max }
}
