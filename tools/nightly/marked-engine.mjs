/* The compiled engine, its sessions leaving marks: see phase-marks.mjs. */
import { writeSync } from 'node:fs'
import { wasmEngine as compiled } from '@gicho/engine/wasm'

export * from '@gicho/engine/wasm'

/** The optimizer's state is read for a checkpoint, which is then encoded and written. */
const marks = { train: 't', evaluate: 'v', readOptimizer: 'c' }

export function wasmEngine(options) {
  const engine = compiled(options)
  return {
    name: engine.name,
    supports: (job) => engine.supports(job),
    open: async (job, data) => markedSession(await engine.open(job, data)),
  }
}

function markedSession(session) {
  return new Proxy(session, {
    get(target, name) {
      const value = target[name]
      if (typeof value !== 'function') return value
      if (!Object.hasOwn(marks, name)) return value.bind(target)
      return async (...args) => {
        writeSync(3, marks[name])
        const result = await value.apply(target, args)
        if (name !== 'readOptimizer') writeSync(3, '.')
        return result
      }
    },
  })
}
