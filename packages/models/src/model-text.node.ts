import { join } from 'node:path'
import { readPlainFile } from '@gicho/core'

/** Large models' have a few megabytes. */
const MOST_BYTES = 1 << 26

/** The text of a folder's model.json. @throws GichoError as `readPlainFile` does */
export async function readModelText(folder: string): Promise<string> {
  return new TextDecoder().decode(await readPlainFile(join(folder, 'model.json'), { maxBytes: MOST_BYTES }))
}
