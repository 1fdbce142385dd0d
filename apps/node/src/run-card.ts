import { join } from 'node:path'
import { decodeRunCard, type RunCard, readPlainFile } from '@gicho/core'

/** A card of 100,000 epochs has some 20 MB. */
const MOST_BYTES = 1 << 26

/**
 * Reads and checks the card of a run.
 *
 * @throws GichoError `bad-data` for a run.json that isn't one, naming the field that is wrong, or no plain file; `not-found`,
 *   `io` when it can't be read
 */
export async function readRunCard(folder: string): Promise<RunCard> {
  const path = join(folder, 'run.json')
  return decodeRunCard(await readPlainFile(path, { maxBytes: MOST_BYTES, what: "a run's card" }), path)
}
