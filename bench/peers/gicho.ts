/*
 * gicho's own engines. Argument: {"engine":"wasm","threads":1,"relaxedSimd":false,"sharedMemory":false},
 * {"engine":"webgpu","allowSoftware":true,"storage":"float16"} or {"engine":"tfjs","backend":"webgpu"}.
 */
import { createRequire } from 'node:module'
import { DRAW_NUMBERS, type Engine, rmsprop, unitRange } from '@gicho/core'
import { generator } from '../augmentation.ts'
import { fillRound } from '../lesson-files.ts'
import { countMemories } from './count-memories.ts'
import { serve } from './serve.ts'

interface Options {
  readonly engine: 'wasm' | 'webgpu' | 'tfjs'
  readonly backend?: 'wasm' | 'webgpu' | 'tensorflow'
  readonly allowSoftware?: boolean
  readonly storage?: 'float32' | 'float16'
  readonly threads?: number
  readonly relaxedSimd?: boolean
  readonly sharedMemory?: boolean
}

const { engine: name, backend = 'wasm', ...options }: Options = JSON.parse(process.argv[2] ?? '{"engine":"wasm"}')
const watched = countMemories()
const engine = await load()
/** A GPU's memory isn't in sight, nor is unshared memory, which lives in its worker. */
const unseen = name === 'webgpu' || options.sharedMemory === false
/** Bytes of the engine's memory; of tfjs' tensors for the eager one. */
const bytes = name === 'tfjs' ? tensorBytes(await import('@tensorflow/tfjs-core')) : watched
let threads = 1

async function load(): Promise<Engine> {
  if (name === 'wasm') return (await import('@gicho/engine/wasm')).wasmEngine(options)
  if (name === 'webgpu') return (await import('@gicho/engine/webgpu')).webgpuEngine(options)
  return (await import('@gicho/engine/tfjs')).tfjsEngine({ backend })
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
    const { batchSize } = files
    const session = await engine.open(
      {
        model: files.model(dropout),
        loss: 'categoricalCrossentropy',
        optimizer: rmsprop({ learningRate }),
        batchSize,
        seed: 1,
        input: unitRange(files.inputShape),
        ...(files.draws ? { augment: generator().augmentation } : {}),
      },
      { train: files.data },
    )
    threads = session.device.threads
    return {
      async run(first, count) {
        const [from, rows] = [first * batchSize, count * batchSize]
        const order = fillRound(new Uint32Array(rows), files.order, from)
        const table = files.draws
        const draws = table && fillRound(new Float64Array(rows * DRAW_NUMBERS), table, from * DRAW_NUMBERS)
        const sums = await session.train({ order, firstStep: first, learningRate, ...(draws ? { draws } : {}) })
        return sums.loss / sums.samples
      },
      ...(unseen ? {} : { bytes }),
      dispose: () => session.dispose(),
    }
  },
})
