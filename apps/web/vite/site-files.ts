import type { Connect, Plugin } from 'vite'

/** Files of the site by path, each made when it is asked for. */
export type SiteFiles = ReadonlyMap<string, () => Promise<Uint8Array>>

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
