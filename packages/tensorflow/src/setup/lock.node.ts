import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileErrorCode, GichoError } from '@gicho/core'
import { PARTS } from '../setup-folder.node.ts'

/** Does the work while no other process does the same in that folder. @throws GichoError `unavailable` when one does */
export async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, PARTS.lock)
  await take(path)
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function take(path: string): Promise<void> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' })
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST') throw error
    const holder = Number(await readFile(path, 'utf8').catch(() => ''))
    if (holder > 0 && isRunning(holder)) {
      throw new GichoError('unavailable', `Another setup (process ${holder}) is at work there: wait for it, or end it.`)
    }
    await rm(path, { force: true })
    await writeFile(path, String(process.pid), { flag: 'wx' })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return fileErrorCode(error) === 'EPERM'
  }
}
