import process from 'node:process'
import { fileErrorWords, GichoError, readPlainFile } from '@gicho/core'
import { UsageError } from './usage.ts'

/** The name that means standard input. */
export const STANDARD_INPUT = '-'

/** The largest that can be decoded takes less, 64 megapixels of any format. */
const MOST_BYTES = 1 << 28

/** What is read of a process' standard input. */
export interface Input extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean
}

/**
 * The bytes of a picture's file, or of standard input for `-`.
 *
 * @throws GichoError `not-found`, `bad-data` for what is no plain file or too large, `io`; UsageError when nothing is piped in
 */
export async function readPicture(path: string, input: Input = process.stdin): Promise<Uint8Array> {
  return path === STANDARD_INPUT
    ? readInput(input)
    : readPlainFile(path, { maxBytes: MOST_BYTES, what: 'an image file' })
}

async function readInput(input: Input): Promise<Uint8Array> {
  if (input.isTTY) {
    throw new UsageError('-: expected a picture on standard input, but nothing is piped in. Write: … - < hand.jpg')
  }
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of input) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      length += bytes.length
      if (length > MOST_BYTES) break
      chunks.push(bytes)
    }
  } catch (cause) {
    const why = fileErrorWords(cause)
    throw new GichoError('io', `standard input: expected a picture, but it can't be read: ${why}.`, { cause })
  }
  if (length > MOST_BYTES) {
    const most = `${Math.round(MOST_BYTES / 1e6)} MB`
    throw new GichoError('bad-data', `standard input: expected a picture of at most ${most}, got more.`)
  }
  return Buffer.concat(chunks)
}
