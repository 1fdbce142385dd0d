import { type FileTree, memoryTree } from './file-tree.ts'

/** A folder of the tree that stands or falls as a whole: `runs/mnist/1`. */
function unitOf(path: string): string {
  return path.split('/').slice(0, 3).join('/')
}

/**
 * Files that find no room any more are held in memory, so that what is at work goes on and its results can be used and downloaded
 * until the tab is closed. What was written before stays where it is: a run whose storage ran full can be resumed from there.
 *
 * @param onTrouble told once for each run, with what the tree said
 */
export function overflowTree(files: FileTree, onTrouble: (error: unknown) => void): FileTree {
  const memory = memoryTree()
  const full = new Set<string>()
  return {
    lasts: files.lasts,
    read: async (path) => (await memory.read(path)) ?? files.read(path),
    async write(path, bytes) {
      const unit = unitOf(path)
      if (!full.has(unit)) {
        try {
          return await files.write(path, bytes)
        } catch (error) {
          full.add(unit)
          onTrouble(error)
        }
      }
      await memory.write(path, bytes)
    },
    async list(folder) {
      return [...new Set([...(await memory.list(folder)), ...(await files.list(folder))])]
    },
    async remove(path) {
      const unit = unitOf(path)
      await memory.remove(path)
      if (full.has(unit) && path !== unit) return
      full.delete(unit)
      await files.remove(path)
    },
  }
}
