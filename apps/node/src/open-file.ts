import { spawn } from 'node:child_process'
import process from 'node:process'
import { fileErrorCode, fileErrorWords, GichoError } from '@gicho/core'

/** The command that opens a file as a double click would. */
export function openerOf(platform: NodeJS.Platform): readonly [command: string, ...args: string[]] {
  if (platform === 'darwin') return ['open']
  if (platform === 'win32') return ['explorer.exe']
  return ['xdg-open']
}

/**
 * Opens a file in the program that the system has for it, and doesn't wait for that.
 *
 * @throws GichoError `unavailable` when the system has no such command
 */
export async function openFile(
  path: string,
  opener: readonly [string, ...string[]] = openerOf(process.platform),
): Promise<void> {
  const [command, ...args] = opener
  await new Promise<void>((opened, refused) => {
    const child = spawn(command, [...args, path], { stdio: 'ignore', detached: true })
    child.once('error', (cause) => {
      const message = `${path}: "${command}" can't open it: ${fileErrorCode(cause) === 'ENOENT' ? 'there is no such command' : fileErrorWords(cause)}. Open the file yourself.`
      refused(new GichoError('unavailable', message, { cause }))
    })
    child.once('spawn', () => {
      child.unref()
      opened()
    })
  })
}
