import { wasmEngine } from '../dist/wasm.node.js'
import { describeEngine } from './contract.ts'

describeEngine('wasm, two threads', () => wasmEngine({ threads: 2 }))
describeEngine('wasm, one thread', () => wasmEngine({ threads: 1 }))
describeEngine('wasm without relaxed SIMD', () => wasmEngine({ threads: 2, relaxedSimd: false }))
describeEngine('wasm on unshared memory, as a page without isolation', () => wasmEngine({ sharedMemory: false }))
