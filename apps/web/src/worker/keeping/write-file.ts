/** Beside a file that is being written in place; nothing that is listed. */
const UNFINISHED = '.unfinished'

/** True for what a write that broke off has left behind. */
export function isUnfinished(name: string): boolean {
  return name.endsWith(UNFINISHED)
}

/** Replaces a file of the private file system, at once: a write that breaks off leaves what was there. */
export async function writeFile(
  folder: FileSystemDirectoryHandle,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const hasStreams = 'createWritable' in FileSystemFileHandle.prototype
  await (hasStreams ? writeStream : writeBeside)(folder, name, bytes)
}

/** A stream that is closed replaces the file; one that breaks off doesn't. */
async function writeStream(folder: FileSystemDirectoryHandle, name: string, bytes: Uint8Array<ArrayBuffer>) {
  const handle = await folder.getFileHandle(name, { create: true })
  const stream = await handle.createWritable()
  try {
    await stream.write(bytes)
  } catch (error) {
    await stream.abort().catch(() => undefined)
    throw error
  }
  await stream.close()
}

/**
 * Safari before 26 has no streams there. A worker writes a file of another name in place, which then takes the first one's; where a file
 * can't be moved either, the first one itself.
 */
async function writeBeside(folder: FileSystemDirectoryHandle, name: string, bytes: Uint8Array<ArrayBuffer>) {
  const moves = 'move' in FileSystemFileHandle.prototype
  const handle = (await folder.getFileHandle(moves ? `${name}${UNFINISHED}` : name, { create: true })) as WorkerHandle
  const access = await handle.createSyncAccessHandle()
  try {
    access.truncate(0)
    access.write(bytes)
    access.flush()
  } finally {
    access.close()
  }
  if (!moves) return
  await folder.removeEntry(name).catch(() => undefined) // there may be none
  await handle.move(name)
}

/** What a handle has in a worker; TypeScript's DOM library has the window's only. */
interface WorkerHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<{
    truncate(size: number): void
    write(bytes: Uint8Array<ArrayBuffer>): number
    flush(): void
    close(): void
  }>
  move(name: string): Promise<void>
}
