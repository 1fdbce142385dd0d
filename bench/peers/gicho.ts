// gicho's own engines. Argument: {"engine":"wasm","threads":1,"relaxedSimd":false,"sharedMemory":false} or {"engine":"tfjs"}.
import { createRequire } from 'node:module'
import { type Engine, rmsprop, unitRange } from '@gicho/core'
import { BATCH_SIZE } from '../work.ts'
import { countMemories } from './count-memories.ts'
import { serve } from './serve.ts'

interface Options {
  readonly engine: 'wasm' | 'tfjs'
  readonly threads?: number
  readonly relaxedSimd?: boolean
  readonly sharedMemory?: boolean
}

const { engine: name, ...options }: Options = JSON.parse(process.argv[2] ?? '{"engine":"wasm"}')
const watched = countMemories()
const engine = await load()
/** Bytes of the engine's memory; of tfjs' tensors for the eager one. Unshared memory lives in its worker, out of sight. */
const bytes = name === 'tfjs' ? tensorBytes(await import('@tensorflow/tfjs-core')) : watched
let threads = 1

async function load(): Promise<Engine> {
  if (name === 'wasm') return (await import('@gicho/engine/wasm')).wasmEngine(options)
  return (await import('@gicho/engine/tfjs')).tfjsEngine({ backend: 'wasm' })
}

function tensorBytes({ memory }: { memory(): { numBytes: number } }): () => number {
  return () => memory().numBytes
}

await serve({
  about: () => {
    const { version }: { version: string } = createRequire(import.meta.url)('@gicho/engine/package.json')
    return { version, threads, notes: [] }
  },
  async start(files, { dropout, learningRate }) {
    const session = await engine.open(
      {
        model: files.model(dropout),
        loss: 'categoricalCrossentropy',
        optimizer: rmsprop({ learningRate }),
        batchSize: BATCH_SIZE,
        seed: 1,
        input: unitRange(files.lesson === 'network' ? [28, 28, 1] : [784]),
      },
      { train: files.data },
    )
    threads = session.device.threads
    return {
      async run(first, count) {
        const order = Uint32Array.from(
          { length: count * BATCH_SIZE },
          (_, i) => files.order[(first * BATCH_SIZE + i) % files.order.length] ?? 0,
        )
        const sums = await session.train({ order, firstStep: first, learningRate })
        return sums.loss / sums.samples
      },
      ...(options.sharedMemory === false ? {} : { bytes }),
      dispose: () => session.dispose(),
    }
  },
})
