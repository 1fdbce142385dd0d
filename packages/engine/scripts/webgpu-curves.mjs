/*
 * Fifty steps of lessons 1, 3 and 4 on MNIST, on the GPU target (a software adapter) and on the CPU target from the same weights:
 * losses side by side, into bench/results/webgpu-curves.json.
 *
 * Training multiplies rounding: a relu that opens a step earlier changes everything behind it. So each GPU step is also made from the
 * CPU's state before it, where its loss has to be the CPU's within 1e-6; left to themselves, means of ten steps have to stay within 5%.
 * What rounding alone does is shown by the CPU target in its build without fused multiply-add, and from weights that are moved by
 * 1e-5 of themselves, as far as float32 knows the gradient of a bias in front of a normalization. The GPU target with tensors as
 * 16-bit floats runs beside them. Takes ten minutes or more: node packages/engine/scripts/webgpu-curves.mjs
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
const MOST_OF_A_STEP = 1e-6
const MOST_OF_MEANS = 0.05
const order = new RandomState(1).permutation(60_000).slice(0, STEPS * BATCH)
const data = { ...digits(order), classNames: Array.from({ length: 24 }, (_, i) => String(i)) }
const device = await softwareDevice()
const gpu = webgpuEngine({ device })
const cpu = wasmEngine()
const engines = {
  webgpu: gpu,
  wasm: cpu,
  plainSimd: wasmEngine({ relaxedSimd: false }),
  moved: cpu,
  float16: webgpuEngine({ device, storage: 'float16' }),
}
const draws = randomDraws(4, STEPS * BATCH, [28, 28, 1], 0.1)
const random = new RandomState(2)

function requestOf(lesson, step) {
  const order = Uint32Array.from({ length: BATCH }, (_, i) => step * BATCH + i)
  const drawn = lesson === 4 ? { draws: draws.subarray(step * BATCH * DRAW, (step + 1) * BATCH * DRAW) } : {}
  return { order, firstStep: step, learningRate: 1e-3, ...drawn }
}

function curveOf(engine, job, lesson, weights) {
  return withSession(engine, job, data, async (session) => {
    await session.writeWeights(weights)
    const curve = []
    for (let step = 0; step < STEPS; step++) curve.push((await session.train(requestOf(lesson, step))).loss / BATCH)
    return curve
  })
}

/** Losses of the GPU's steps, each from the CPU's state before it. */
function ledCurve(job, lesson) {
  return withSession(gpu, job, data, (led) =>
    withSession(cpu, job, data, async (leader) => {
      const curve = []
      for (let step = 0; step < STEPS; step++) {
        await led.writeWeights(await leader.readWeights())
        await led.writeOptimizer(await leader.readOptimizer())
        curve.push((await led.train(requestOf(lesson, step))).loss / BATCH)
        await leader.train(requestOf(lesson, step))
      }
      return curve
    }),
  )
}

function meansOf(losses) {
  return Array.from({ length: STEPS / MEAN_OF }, (_, i) => {
    const part = losses.slice(i * MEAN_OF, (i + 1) * MEAN_OF)
    return part.reduce((sum, loss) => sum + loss) / MEAN_OF
  })
}

const moved = (weight) => ({
  ...weight,
  values: weight.values.map((value) => value * (1 + 1e-5 * random.uniform(-1, 1))),
})
const apart = (a, b) => Math.max(...a.map((value, i) => Math.abs(value / b[i] - 1)))

const lessons = []
for (const lesson of [1, 3, 4]) {
  const shape = lesson === 1 ? [784] : [28, 28, 1]
  const spec = await drawnSpec(shape, lessonLayers(lesson))
  const augment = lesson === 4 ? { augment: plainAugmentation } : {}
  const job = jobFor(spec, { optimizer: rmsprop(), batchSize: BATCH, input: unitRange(shape), ...augment })
  const losses = { led: await ledCurve(job, lesson) }
  for (const [name, engine] of Object.entries(engines))
    losses[name] = await curveOf(engine, job, lesson, name === 'moved' ? spec.weights.map(moved) : spec.weights)
  const others = Object.keys(losses).filter((name) => name !== 'wasm')
  const largest = Object.fromEntries(others.map((name) => [name, apart(losses[name], losses.wasm)]))
  const ofMeans = Object.fromEntries(others.map((name) => [name, apart(meansOf(losses[name]), meansOf(losses.wasm))]))
  lessons.push({ lesson, largestDifference: largest, largestDifferenceOfMeans: ofMeans, ...losses })
  console.log(`lesson ${lesson}: ${STEPS} losses; differences to wasm: largest`, largest, 'of means of ten', ofMeans)
  if (!(largest.led < MOST_OF_A_STEP && ofMeans.webgpu < MOST_OF_MEANS)) process.exitCode = 1
}
const file = new URL('../../../bench/results/webgpu-curves.json', import.meta.url)
await writeFile(
  file,
  `${JSON.stringify({ steps: STEPS, batch: BATCH, optimizer: 'rmsprop', lessons }, undefined, 1)}\n`,
)
device.destroy()
