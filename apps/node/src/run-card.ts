import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeRunCard, GichoError, messageOf, type RunCard } from '@gicho/core'

/**
 * Reads and checks the card of a run.
 *
 * @throws GichoError `bad-data` for a run.json that isn't one, naming the field that is wrong; `io` when it can't be read
 */
export async function readRunCard(folder: string): Promise<RunCard> {
  const path = join(folder, 'run.json')
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new GichoError('io', `${path}: can't be read (${messageOf(error)}). Name a run's folder that you may read.`, {
      cause: error,
    })
  })
  return decodeRunCard(bytes, path)
}
