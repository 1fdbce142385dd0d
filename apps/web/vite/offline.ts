import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'
import { siteHeaders } from './security.ts'

const ENTRY = 'src/service-worker.ts'
const FILE = 'service-worker.js'
/** Fetched when they are needed: data, and what only some machines run. */
const LATER = /^(data\/|tfjs-wasm\/)|\.map$/

/** Builds the service worker beside the page and tells it which files the site has, in which version, and with which headers. */
export function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: ENTRY, fileName: FILE })
    },
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = bundle[FILE]
        if (worker?.type !== 'chunk') throw new Error(`${FILE} wasn't built.`)
        const files = Object.keys(bundle).filter((name) => name !== FILE && !LATER.test(name))
        const hash = createHash('sha256').update(files.join()).digest('hex').slice(0, 12)
        worker.code = worker.code
          .replace('__FILES__', JSON.stringify(['./', ...files]))
          .replace('__VERSION__', `"${hash}"`)
          .replace('__HEADERS__', JSON.stringify(siteHeaders))
      },
    },
  }
}
