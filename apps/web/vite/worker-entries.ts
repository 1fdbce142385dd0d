import type { Plugin } from 'vite'

/**
 * Keeps what a worker starts with apart from what its other files share with it. WebKit runs a worker's first file a second time when
 * another file imports it: there would be two of everything in it, and two answers to each call.
 */
export function workerEntries(): Plugin {
  return {
    name: 'worker-entries',
    options: (options) => ({ ...options, preserveEntrySignatures: 'strict' }),
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const entries = chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName)
      for (const { fileName, imports } of chunks) {
        const entry = imports.find((name) => entries.includes(name))
        if (entry) this.error(`${fileName} imports ${entry}, with which a worker starts. See vite/worker-entries.ts.`)
      }
    },
  }
}
