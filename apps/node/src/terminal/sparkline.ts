const LEVELS = [...'▁▂▃▄▅▆▇█']

/**
 * Values as one line of small bars, a column each. Those that aren't numbers leave a blank; of more values than
 * columns, evenly spaced ones are shown, the first and the last among them.
 *
 * @param low what the lowest bar stands for, `high` what the highest does: the same for lines to be compared
 */
export function sparkline(values: readonly number[], low: number, high: number, width: number): string {
  return spaced(values, width)
    .map((value) => {
      if (!Number.isFinite(value)) return ' '
      const share = high > low ? (value - low) / (high - low) : 1
      const level = Math.round(share * (LEVELS.length - 1))
      return LEVELS[Math.min(LEVELS.length - 1, Math.max(0, level))]
    })
    .join('')
}

function spaced(values: readonly number[], count: number): number[] {
  if (values.length <= count) return [...values]
  const step = (values.length - 1) / Math.max(1, count - 1)
  return Array.from({ length: count }, (_, i) => values[Math.round(i * step)] ?? Number.NaN)
}
