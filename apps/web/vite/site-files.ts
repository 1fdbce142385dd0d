import { createHash } from 'node:crypto'
import type { Connect, Plugin } from 'vite'

/** Files of the site by path, each made when it is asked for. */
export type SiteFiles = ReadonlyMap<string, () => Promise<Uint8Array>>

/** The part of a file's SHA-256 that stands in paths, in hex: enough to tell any two files of a site apart. */
export function contentHash(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

/**
 * Puts files into the built site and serves them while developing.
 *
 * @param whilePreviewing serves them anew in `vite preview` too, in the place of those that were built
 */
export function siteFiles(name: string, find: () => Promise<SiteFiles>, whilePreviewing = false): Plugin {
  return {
    name,
    async generateBundle() {
      for (const [fileName, make] of await find()) this.emitFile({ type: 'asset', fileName, source: await make() })
    },
    configureServer: (server) => {
      server.middlewares.use(answering(find))
    },
    configurePreviewServer: (server) => {
      if (whilePreviewing) server.middlewares.use(answering(find))
    },
  }
}

/**
 * Puts files into a folder of the site whose name changes with their content, so that no cache gives an old file for a new one. While
 * developing the folder is `stem` itself.
 *
 * @param stem the folder without its hash
 * @param constant the name that the code has for the folder
 * @param files by their names in the folder
 */
export function versionedFiles(stem: string, constant: string, files: SiteFiles): Plugin {
  let folder = stem
  const made = new Map<string, Promise<Uint8Array>>()
  const bytesOf = (name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> => {
    const bytes = made.get(name) ?? make()
    made.set(name, bytes)
    return bytes
  }
  const inFolder = async (): Promise<SiteFiles> =>
    new Map([...files].map(([name, make]) => [`${folder}/${name}`, () => bytesOf(name, make)]))
  return {
    ...siteFiles(stem, inFolder),
    async config(_, { command }) {
      if (command === 'build') {
        const hashes = [...files].map(async ([name, make]) => `${name} ${contentHash(await bytesOf(name, make))}`)
        folder = `${stem}-${contentHash((await Promise.all(hashes)).join('\n'))}`
      }
      return { define: { [constant]: JSON.stringify(folder) } }
    },
  }
}

function answering(find: () => Promise<SiteFiles>): Connect.NextHandleFunction {
  const made = new Map<string, Promise<Uint8Array>>()
  return (request, response, next) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname.slice(1)
    const answer = async (): Promise<void> => {
      const make = (await find()).get(path)
      if (!make) return next()
      const bytes = made.get(path) ?? make()
      made.set(path, bytes)
      response.setHeader('Content-Type', path.endsWith('.json') ? 'application/json' : 'application/octet-stream')
      response.end(await bytes)
    }
    answer().catch(next)
  }
}
