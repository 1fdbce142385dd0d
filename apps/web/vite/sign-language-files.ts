import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import type { Plugin } from 'vite'
import { contentHash, type SiteFiles, siteFiles } from './site-files.ts'

const FOLDER = 'data/sign-language'
const DATA = /^(sign[-_]?mnist[-_](train|test|valid)\.csv(\.gz)?|sign-language-mnist\.zip)$/i

/**
 * Serves the sign-language data in the folder that GICHO_ASL_DIR names, when the site is built and when it is served.
 * `files.json` lists what is there, each file in a folder of its hash: nothing where the variable isn't set.
 */
export function signLanguageFiles(): Plugin {
  return siteFiles('sign-language-files', find, true)
}

async function find(): Promise<SiteFiles> {
  const folder = process.env.GICHO_ASL_DIR
  const names = folder ? await dataIn(folder) : []
  const files = await Promise.all(
    names.map(async (name) => {
      const file = join(folder ?? '', name)
      return [`${await hashOfFile(file)}/${name}`, () => readFile(file)] as const
    }),
  )
  const list = async (): Promise<Uint8Array> => Buffer.from(JSON.stringify(files.map(([path]) => path)))
  return new Map([[`${FOLDER}/files.json`, list], ...files.map(([path, read]) => [`${FOLDER}/${path}`, read] as const)])
}

/** A folder that isn't there is no reason to stop: the variable may have been set for another machine. */
async function dataIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => DATA.test(name)).sort()
}

const hashes = new Map<string, Promise<string>>()

/** Of 100 MB: made once, until the file changes. */
async function hashOfFile(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path)
  const key = `${path} ${size} ${mtimeMs}`
  const hash = hashes.get(key) ?? readFile(path).then(contentHash)
  hashes.set(key, hash)
  return hash
}
