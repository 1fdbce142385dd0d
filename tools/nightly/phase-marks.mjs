/*
 * Loaded into `gicho` by `node --import`: writes a letter to descriptor 3 when the compiled engine begins to train, to evaluate or to
 * hand out its state, and a point when it comes back. So whoever kills the process knows what it was at.
 */
import { registerHooks } from 'node:module'

const engine = '@gicho/engine/wasm'
const marked = new URL('./marked-engine.mjs', import.meta.url).href

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== engine || context.parentURL === marked) return next(specifier, context)
    return { url: marked, format: 'module', shortCircuit: true }
  },
})
