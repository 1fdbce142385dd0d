import type { Plugin } from 'vite'

const MODULE = 'tfjs-backend-wasm-threaded-simd.js'
const LOOKUP = 'if(typeof _scriptDir !== "undefined" && _scriptDir){scriptDirectory=_scriptDir}'

/**
 * tfjs starts the threads of its WebAssembly backend from the text of a function that looks for a variable outside of
 * itself and copes with its absence. A minifier knows that the variable is there and drops the check; in a thread, where
 * only the function arrives, it then fails. What it looks for isn't needed: the backend is told where its files are.
 */
export function tfjsThreads(): Plugin {
  return {
    name: 'tfjs-threads',
    transform(code, id) {
      if (!id.includes(MODULE)) return undefined
      if (!code.includes(LOOKUP)) this.error(`${MODULE}: expected the look-up of _scriptDir. See vite/tfjs-threads.ts.`)
      return { code: code.replace(LOOKUP, ''), map: null }
    },
  }
}
