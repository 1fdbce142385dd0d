import { stat } from 'node:fs/promises'

/** True when there is a file of that path. */
export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
