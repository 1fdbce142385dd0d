import { wasmEngine } from '../dist/wasm.node.js'
import { describeShapes } from './shape-suite.ts'

const engines = [
  wasmEngine({ threads: 2 }),
  wasmEngine({ threads: 3, relaxedSimd: false }),
  wasmEngine({ sharedMemory: false }),
]
describeShapes('wasm in its builds', engines, { eager: 50, reference: 25, batches: [1, 4, 9] })
