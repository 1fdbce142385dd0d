/** More than any run has; who drops a whole disk gets no answer from all of it. */
const MOST_FILES = 1000

/** The files that were dropped, and those in dropped folders, named by their path there: `1/model/model.json`. */
export async function droppedFiles(dropped: DataTransfer | null): Promise<File[]> {
  // Both are to be asked before the event is over.
  const entries = [...(dropped?.items ?? [])].map((item) => item.webkitGetAsEntry())
  const plain = [...(dropped?.files ?? [])]
  if (!entries.some((entry) => entry?.isDirectory)) return plain
  const files: File[] = []
  for (const entry of entries) if (entry) await collect(entry, '', files)
  return files
}

async function collect(entry: FileSystemEntry, folder: string, files: File[]): Promise<void> {
  if (files.length >= MOST_FILES) return
  const path = folder + entry.name
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    files.push(new File([file], path, { type: file.type }))
  } else if (isFolder(entry)) {
    for (const each of await entriesOf(entry)) await collect(each, `${path}/`, files)
  }
}

/** A reader gives some at a time, and none once it is through. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  while (all.length < MOST_FILES) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) break
    all.push(...some)
  }
  return all
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
