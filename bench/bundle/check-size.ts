/** What a bundle may weigh. */
const MOST_BYTES = 60e6

/** A bundle's size in words, with its parts. @throws Error when it is too large to travel */
export function checkSize(files: readonly { readonly name: string; readonly bytes: number }[]): string {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const parts = files.map(({ name, bytes }) => `${name} ${megabytes(bytes)}`).join(', ')
  const size = `${megabytes(total)} (${parts})`
  if (total > MOST_BYTES)
    throw new Error(`bundle: expected at most ${megabytes(MOST_BYTES)}, got ${size}. Leave wheels out.`)
  return size
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
