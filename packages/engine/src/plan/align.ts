const LINE = 64

/** The next multiple of a cache line; exact beyond 2 GiB, where 32-bit operators aren't. */
export function alignToLine(bytes: number): number {
  return Math.ceil(bytes / LINE) * LINE
}
