/*
 * Fifty steps of lessons 1, 3 and 4 on MNIST, on the GPU target (a software adapter) and on the CPU target from the same weights:
 * losses side by side, into bench/results/webgpu-curves.json. Training multiplies rounding: a relu that opens a step earlier changes
 * everything behind it. So the CPU target runs twice more, in its build without fused multiply-add, and from weights that are moved
 * by their last bit: how far these get from the first is what rounding alone does. Means of ten steps have to stay within 5%. The GPU
 * target with tensors as 16-bit floats runs beside them.
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
const MEAN_OF = 10
const order = new RandomState(1).permutation(60_000).slice(0, STEPS * BATCH)
const data = { ...digits(order), classNames: Array.from({ length: 24 }, (_, i) => String(i)) }
const device = await softwareDevice()
const engines = {
  webgpu: webgpuEngine({ device }),
  wasm: wasmEngine(),
  plainSimd: wasmEngine({ relaxedSimd: false }),
  lastBit: wasmEngine(),
  float16: webgpuEngine({ device, storage: 'float16' }),
}
const random = new RandomState(2)
const nudged = ({ values, ...weight }) => ({
  ...weight,
  values: values.map((value) => value * (1 + (random.randint(0, 3) - 1) * 2 ** -23)),
})
const meansOf = (losses) =>
  Array.from({ length: STEPS / MEAN_OF }, (_, i) => {
    const part = losses.slice(i * MEAN_OF, (i + 1) * MEAN_OF)
    return part.reduce((sum, loss) => sum + loss) / MEAN_OF
  })
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
      if (name === 'lastBit') await session.writeWeights(spec.weights.map(nudged))
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
  const apart = (a, b) => Math.max(...a.map((value, i) => Math.abs(value / b[i] - 1)))
  const others = Object.keys(engines).filter((name) => name !== 'wasm')
  const means = Object.fromEntries(Object.entries(losses).map(([name, curve]) => [name, meansOf(curve)]))
  const largest = Object.fromEntries(others.map((name) => [name, apart(losses[name], losses.wasm)]))
  const largestOfMeans = Object.fromEntries(others.map((name) => [name, apart(means[name], means.wasm)]))
  lessons.push({ lesson, largestDifference: largest, largestDifferenceOfMeans: largestOfMeans, ...losses })
  console.log(
    `lesson ${lesson}: ${STEPS} losses; differences to wasm: largest`,
    largest,
    'of means of ten',
    largestOfMeans,
  )
  if (!(largestOfMeans.webgpu < 0.05)) process.exitCode = 1
}
const file = new URL('../../../bench/results/webgpu-curves.json', import.meta.url)
await writeFile(
  file,
  `${JSON.stringify({ steps: STEPS, batch: BATCH, optimizer: 'rmsprop', lessons }, undefined, 1)}\n`,
)
device.destroy()
