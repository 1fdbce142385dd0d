import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileErrorCode, fileErrorWords, GichoError, isGichoError } from '@gicho/core'
import type { FileSource } from './file-source.ts'
import { checkCopy } from './published-file.ts'
import { readFileIfThere } from './read-file.node.ts'

/** Most entries of a folder that an error message lists. */
const LISTED = 8

/** Far more than any data of this form that people have made of pictures. */
const MOST_TRUSTED_BYTES = 2 ** 30

/**
 * Files in a folder that the caller named, plain or packed, also under the names that some archives give them.
 *
 * @param trust takes files that aren't the published ones, when they have their form
 */
export function folderSource(folder: string, trust = false): FileSource {
  const place = resolve(folder)
  return {
    binding: true,
    async find(file) {
      const names = spellings(file.name)
      for (const name of names) {
        const path = join(place, name)
        const copy = await readFileIfThere(path, trust ? MOST_TRUSTED_BYTES : Math.max(file.bytes, file.packedBytes))
        if (!copy) continue
        const bytes = trust ? copy : await checkCopy(file, copy, path).catch(adviseTrust)
        if (trust) await file.checkForm(copy, path)
        return { bytes, source: `folder ${place}` }
      }
      throw new GichoError(
        'not-found',
        `${place}: expected ${names.join(' or ')}, got ${await listing(place)}. ` +
          'Put the file there, or leave the folder out to have the data found or downloaded.',
      )
    },
  }
}

function adviseTrust(error: unknown): never {
  if (!isGichoError(error, 'bad-hash')) throw error
  const advice = 'Or, if this data is what you want, say so: option trust, on the command line --trust.'
  throw new GichoError('bad-hash', `${error.message} ${advice}`, { cause: error })
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
