// Run by wasm-robust.test.ts in a process of its own, which has to end by itself.
import '@tensorflow/tfjs-backend-cpu'
import { wasmEngine } from '../dist/wasm.node.js'
import { jobFor, noise, smallSpec } from './samples.ts'

const session = await wasmEngine({ threads: 2 }).open(jobFor(await smallSpec()), { train: noise(40) })
const order = Uint32Array.from({ length: 300_000 }, (_, i) => i % 40)
const training = session.train({ order, firstStep: 0, learningRate: 1e-3 })
if (process.argv[2] === 'running') {
  // Nothing else keeps the process alive: the run has to.
  await training
} else {
  setTimeout(() => session.dispose(), 50)
  await training.catch(() => undefined)
}
if (process.argv[2] === 'idle') await wasmEngine({ threads: 2 }).open(jobFor(await smallSpec()), { train: noise(40) })
console.log('end')
