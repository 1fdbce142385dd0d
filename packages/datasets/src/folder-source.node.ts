import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileErrorCode, fileErrorWords, GichoError } from '@gicho/core'
import type { FileSource } from './file-source.ts'
import { checkCopy } from './published-file.ts'
import { readFileIfThere } from './read-file.node.ts'

/** Most entries of a folder that an error message lists. */
const LISTED = 8

/** Files in a folder that the caller named, plain or packed, also under the names that some archives give them. */
export function folderSource(folder: string): FileSource {
  const place = resolve(folder)
  return {
    binding: true,
    async find(file) {
      const names = spellings(file.name)
      for (const name of names) {
        const path = join(place, name)
        const copy = await readFileIfThere(path, Math.max(file.bytes, file.packedBytes))
        if (copy) return { bytes: await checkCopy(file, copy, path), source: `folder ${place}` }
      }
      throw new GichoError(
        'not-found',
        `${place}: expected ${names.join(' or ')}, got ${await listing(place)}. ` +
          'Put the file there, or leave the folder out to have the data found or downloaded.',
      )
    },
  }
}

/** `train-images-idx3-ubyte` is also known as `train-images.idx3-ubyte`. */
function spellings(name: string): string[] {
  const dotted = name.replace(/-(idx\d)/, '.$1')
  return [...new Set([name, dotted])].flatMap((spelling) => [spelling, `${spelling}.gz`])
}

/** What stands in a folder, for error messages: "a folder with a.csv, b.png and 3 more". */
export async function listing(folder: string): Promise<string> {
  try {
    const entries = (await readdir(folder)).sort()
    if (entries.length === 0) return 'an empty folder'
    const more = entries.length > LISTED ? ` and ${entries.length - LISTED} more` : ''
    return `a folder with ${entries.slice(0, LISTED).join(', ')}${more}`
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === 'ENOENT') return 'no folder there'
    return code === 'ENOTDIR' ? 'a file, not a folder' : `no look into it: ${fileErrorWords(error)}`
  }
}
