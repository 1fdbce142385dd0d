import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import type { Plugin } from 'vite'
import { type SiteFiles, siteFiles } from './site-files.ts'

const FOLDER = 'data/sign-language'
const DATA = /^(sign[-_]?mnist[-_](train|test|valid)\.csv(\.gz)?|sign-language-mnist\.zip)$/i

/**
 * Serves the sign-language data in the folder that GICHO_ASL_DIR names, when the site is built and when it is served.
 * `files.json` lists what is there: nothing where the variable isn't set.
 */
export function signLanguageFiles(): Plugin {
  return siteFiles('sign-language-files', find, true)
}

async function find(): Promise<SiteFiles> {
  const folder = process.env.GICHO_ASL_DIR
  const names = folder ? await dataIn(folder) : []
  const list = async (): Promise<Uint8Array> => Buffer.from(JSON.stringify(names))
  return new Map([
    [`${FOLDER}/files.json`, list],
    ...names.map((name) => [`${FOLDER}/${name}`, () => readFile(join(folder ?? '', name))] as const),
  ])
}

/** A folder that isn't there is no reason to stop: the variable may have been set for another machine. */
async function dataIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => DATA.test(name)).sort()
}
