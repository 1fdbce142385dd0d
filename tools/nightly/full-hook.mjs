/*
 * Loaded into `gicho` by `node --import`: a disk with room for GICHO_DISK_BYTES more bytes. The write that doesn't fit takes what does,
 * as a disk does, and the next one fails. With GICHO_DISK_LOG every write's size is appended to that file.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import process from 'node:process'

const under = process.env.GICHO_DISK_FOLDER
const log = process.env.GICHO_DISK_LOG
let left = Number(process.env.GICHO_DISK_BYTES ?? Number.POSITIVE_INFINITY)

/** Bytes of a write that are taken. */
function take(length) {
  const taken = Math.min(length, left)
  if (taken === 0 && length > 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
  left -= taken
  if (log) appendFileSync(log, `${taken}\n`)
  return taken
}

const { appendFileSync, openSync, writeSync } = fs
const { open } = fs.promises
const ours = new Set()

fs.openSync = (path, ...rest) => {
  const file = openSync(path, ...rest)
  if (String(path).startsWith(under)) ours.add(file)
  else ours.delete(file)
  return file
}
fs.writeSync = (file, bytes, offset = 0, length = bytes.length - offset, ...rest) =>
  ours.has(file)
    ? writeSync(file, bytes, offset, take(length), ...rest)
    : writeSync(file, bytes, offset, length, ...rest)
fs.promises.open = async (path, ...rest) => {
  const file = await open(path, ...rest)
  if (!String(path).startsWith(under)) return file
  const write = file.write.bind(file)
  return Object.assign(file, {
    write: async (bytes, offset, length, position) => write(bytes, offset, take(length), position),
  })
}
syncBuiltinESMExports()
