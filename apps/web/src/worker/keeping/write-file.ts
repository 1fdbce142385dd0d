/** Beside a file that is being written in place; nothing that is listed. */
const UNFINISHED = '.unfinished'

/** True for what a write that broke off has left behind. */
export function isUnfinished(name: string): boolean {
  return name.endsWith(UNFINISHED)
}

/**
 * Replaces a file of the private file system, at once: a write that breaks off leaves what was there.
 *
 * @throws what the browser throws when not every byte could be written
 */
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
  const earlier = await folder.getFileHandle(name).catch(() => undefined)
  const handle = earlier ?? (await folder.getFileHandle(name, { create: true }))
  try {
    const stream = await handle.createWritable()
    try {
      await stream.write(bytes)
    } catch (error) {
      await stream.abort().catch(() => undefined)
      throw error
    }
    await stream.close()
    checkSize((await handle.getFile()).size, bytes)
  } catch (error) {
    // A file that was made for this write is empty.
    if (!earlier) await folder.removeEntry(name).catch(() => undefined)
    throw error
  }
}

/**
 * Safari before 26 has no streams there. A worker writes a file of another name in place, which then takes the first one's; where a file
 * can't be moved either, the first one itself.
 */
async function writeBeside(folder: FileSystemDirectoryHandle, name: string, bytes: Uint8Array<ArrayBuffer>) {
  const moves = 'move' in FileSystemFileHandle.prototype
  const beside = moves ? `${name}${UNFINISHED}` : name
  const handle = (await folder.getFileHandle(beside, { create: true })) as WorkerHandle
  try {
    const access = await handle.createSyncAccessHandle()
    try {
      access.truncate(0)
      writeFully(access, bytes)
      access.flush()
      checkSize(access.getSize(), bytes)
    } finally {
      access.close()
    }
    if (!moves) return
    // A move takes the place of an earlier file; where a browser doesn't let it, that one goes first.
    await handle.move(name).catch(async () => {
      await folder.removeEntry(name)
      await handle.move(name)
    })
  } catch (error) {
    await folder.removeEntry(beside).catch(() => undefined)
    throw error
  }
}

/** A write may take a part of the bytes, as it does in a storage that is about to be full. */
function writeFully(access: AccessHandle, bytes: Uint8Array<ArrayBuffer>): void {
  for (let at = 0; at < bytes.length; ) {
    const taken = access.write(bytes.subarray(at), { at })
    if (taken === 0) throw full(at, bytes)
    at += taken
  }
}

function checkSize(size: number, bytes: Uint8Array): void {
  if (size !== bytes.length) throw full(size, bytes)
}

function full(size: number, { length }: Uint8Array): DOMException {
  return new DOMException(`${size} of ${length} bytes were written`, 'QuotaExceededError')
}

/** What a handle has in a worker; TypeScript's DOM library has the window's only. */
interface WorkerHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<AccessHandle>
  move(name: string): Promise<void>
}

interface AccessHandle {
  truncate(size: number): void
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number
  getSize(): number
  flush(): void
  close(): void
}
