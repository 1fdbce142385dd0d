import { setupFolder } from './setup-folder.node.ts'
import { readRecord, type SetupRecord } from './setup-record.node.ts'

/** The finished setup that programs use here; undefined where there is none, or its record is damaged. Nothing is loaded. */
export function readSetup(folder: string = setupFolder()): SetupRecord | undefined {
  try {
    return readRecord(folder)
  } catch {
    return undefined
  }
}
