/** How many letters must be added, dropped, changed or swapped with their neighbour to get from `a` to `b`. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(
        Math.min(
          at(i - 1, j) + 1,
          at(i, j - 1) + 1,
          at(i - 1, j - 1) + (same ? 0 : 1),
          swapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
  }
  return at(a.length, b.length)
}

/**
 * The known name that somebody who typed `name` probably meant; undefined when none is close (half of its letters wrong).
 *
 * @example
 * nearestName('mnsit', ['mnist', 'asl']) // 'mnist'
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const typed = name.toLowerCase()
  const ranked = known
    .map((candidate) => ({ candidate, misses: distance(typed, candidate.toLowerCase()) }))
    .sort((a, b) => a.misses - b.misses)
  const best = ranked[0]
  if (best === undefined) return undefined
  return best.misses < Math.max(typed.length, best.candidate.length) / 2 ? best.candidate : undefined
}
