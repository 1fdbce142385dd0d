import { access, constants } from 'node:fs/promises'
import process from 'node:process'
import { fileErrorWords, type ImageDataset, makeFolder, messageOf } from '@gicho/core'
import { cacheRoot, loadMnist, loadSignLanguage } from '@gicho/datasets'

/** A dataset as it was found on this machine, or why it wasn't. */
interface FoundData {
  readonly found: boolean
  /** Where it is, and how many pictures it has; or what is missing. */
  readonly text: string
}

/** What this machine has of the lessons' data. */
export interface DataReport {
  readonly cache: { readonly folder: string; readonly writable: boolean; readonly reason?: string }
  readonly mnist: FoundData
  readonly signLanguage: FoundData
}

/** Looks for the data wherever a lesson would, but for the network; what is found is read and checked. */
export async function dataOnThisMachine(): Promise<DataReport> {
  return { cache: await cacheState(cacheRoot()), mnist: await findMnist(), signLanguage: await findSignLanguage() }
}

async function cacheState(folder: string): Promise<DataReport['cache']> {
  try {
    await makeFolder(folder)
    await access(folder, constants.W_OK)
    return { folder, writable: true }
  } catch (error) {
    return { folder, writable: false, reason: fileErrorWords(error) }
  }
}

function findMnist(): Promise<FoundData> {
  return loadMnist({ mirrors: [] }).then(foundIn, (error: unknown) => ({ found: false, text: messageOf(error) }))
}

/** Without mirrors Kaggle isn't asked. What is wrong with a folder that the user named is worth telling, a bare cache is not. */
async function findSignLanguage(): Promise<FoundData> {
  const warnings: string[] = []
  try {
    return foundIn(await loadSignLanguage({ mirrors: [], onWarning: (message) => warnings.push(message) }))
  } catch (error) {
    const named = process.env.GICHO_ASL_DIR
    const message = messageOf(error)
    const wrong = named && warnings.length === 0 && message.includes(named) ? message : warnings.join(' ')
    const otherwise = 'not on this machine: lessons 2 to 5 fetch it when they need it (66 MB)'
    return { found: false, text: wrong === '' ? otherwise : `${otherwise}. ${wrong}` }
  }
}

function foundIn({ train, test }: { readonly train: ImageDataset; readonly test: ImageDataset }): FoundData {
  const [learned, held] = [train, test].map(({ length }) => length.toLocaleString('en-US'))
  return { found: true, text: `${train.source} (${learned} pictures to train on, ${held} for validation)` }
}
