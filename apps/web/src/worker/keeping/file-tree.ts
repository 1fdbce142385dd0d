/** Files by path, as `runs/mnist/1/run.json`. */
export interface FileTree {
  /** False where everything is forgotten with the tab. */
  readonly lasts: boolean
  /** Undefined where there is no such file. */
  read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Replaces a file as a whole. */
  write(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Names in a folder, in no order; none where there is no such folder. */
  list(folder: string): Promise<string[]>
  /** Removes a file or a folder with all that is in it. */
  remove(path: string): Promise<void>
}

/** Files in memory: what a browser without storage gets. */
export function memoryTree(): FileTree {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  const inside = (folder: string): string[] => [...files.keys()].filter((path) => path.startsWith(`${folder}/`))
  return {
    lasts: false,
    read: async (path) => files.get(path),
    write: async (path, bytes) => void files.set(path, bytes.slice()),
    list: async (folder) => [
      ...new Set(inside(folder).map((path) => path.slice(folder.length + 1).split('/')[0] ?? '')),
    ],
    remove: async (path) => {
      for (const file of [path, ...inside(path)]) files.delete(file)
    },
  }
}
