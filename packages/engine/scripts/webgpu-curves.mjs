/*
 * Fifty steps of lessons 1, 3 and 4 on MNIST, on the GPU target (a software adapter) and on the CPU target from the same weights:
 * losses side by side, into bench/results/webgpu-curves.json. Training multiplies rounding, so the CPU target's build without fused
 * multiply-add runs too: how far it gets from the other build is what rounding alone does.
 * Takes ten minutes or more: node packages/engine/scripts/webgpu-curves.mjs
 */
import { writeFile } from 'node:fs/promises'
import { RandomState, rmsprop, unitRange } from '@gicho/core'
import { wasmEngine } from '@gicho/engine/wasm'
import { webgpuEngine } from '@gicho/engine/webgpu'
import { plainAugmentation, randomDraws } from '../test/augmented-input.ts'
import { digits } from '../test/digits.ts'
import { lessonLayers } from '../test/lesson-layers.ts'
import { jobFor } from '../test/samples.ts'
import { softwareDevice } from '../test/software-webgpu.ts'
import { drawnSpec, withSession } from '../test/wasm-samples.ts'

const STEPS = 50
const BATCH = 32
const DRAW = 9
const order = new RandomState(1).permutation(60_000).slice(0, STEPS * BATCH)
const data = { ...digits(order), classNames: Array.from({ length: 24 }, (_, i) => String(i)) }
const device = await softwareDevice()
const engines = { webgpu: webgpuEngine({ device }), wasm: wasmEngine(), plainSimd: wasmEngine({ relaxedSimd: false }) }
const lessons = []
for (const lesson of [1, 3, 4]) {
  const shape = lesson === 1 ? [784] : [28, 28, 1]
  const spec = await drawnSpec(shape, lessonLayers(lesson))
  const augment = lesson === 4 ? { augment: plainAugmentation } : {}
  const job = jobFor(spec, { optimizer: rmsprop(), batchSize: BATCH, input: unitRange(shape), ...augment })
  const draws = randomDraws(4, STEPS * BATCH, [28, 28, 1], 0.1)
  const losses = {}
  for (const [name, engine] of Object.entries(engines)) {
    losses[name] = await withSession(engine, job, data, async (session) => {
      const curve = []
      for (let step = 0; step < STEPS; step++) {
        const rows = Uint32Array.from({ length: BATCH }, (_, i) => step * BATCH + i)
        const drawn = lesson === 4 ? { draws: draws.subarray(step * BATCH * DRAW, (step + 1) * BATCH * DRAW) } : {}
        const { loss } = await session.train({ order: rows, firstStep: step, learningRate: 1e-3, ...drawn })
        curve.push(loss / BATCH)
      }
      return curve
    })
  }
  const apart = (name) => Math.max(...losses.wasm.map((loss, i) => Math.abs(losses[name][i] / loss - 1)))
  const largest = { webgpu: apart('webgpu'), plainSimd: apart('plainSimd') }
  lessons.push({ lesson, largestDifference: largest, ...losses })
  console.log(`lesson ${lesson}: ${STEPS} losses; largest relative difference to wasm`, largest)
}
const file = new URL('../../../bench/results/webgpu-curves.json', import.meta.url)
await writeFile(
  file,
  `${JSON.stringify({ steps: STEPS, batch: BATCH, optimizer: 'rmsprop', lessons }, undefined, 1)}\n`,
)
device.destroy()
