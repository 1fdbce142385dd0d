/*
 * What all peers get, as files: MNIST's training images and labels as bytes, the rows of the batches, and for each lesson
 * the topology (with and without dropout) and the start weights, drawn as numpy's RandomState(1) draws them; for lesson 4 a
 * draw for each row, as a table of core's DRAW_NUMBERS in float64.
 */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NamedArray, RandomState } from '@gicho/core'
import { loadMnist } from '@gicho/datasets'
import { readModel } from '@gicho/engine/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import { generator } from './augmentation.ts'
import type { WeightPlace } from './lesson-files.ts'
import { layerWork, lessonModel } from './models.ts'
import { type LayerWork, type LessonName, ROWS, type Target } from './work.ts'

const WEIGHT_SEED = 1
const ORDER_SEED = 2
const DRAW_SEED = 3

/** A folder for the peers, and what was counted on the way. */
export interface Inputs {
  readonly folder: string
  readonly source: string
  readonly work: Readonly<Record<string, readonly LayerWork[]>>
}

/** What is written. */
export interface InputSettings {
  readonly target: Target
  readonly lessons: readonly LessonName[]
  /** Where MNIST's four files lie; `loadMnist` looks for them unless it is said. */
  readonly mnist?: string | undefined
}

/** Writes the folder. The caller removes it. */
export async function writeInputs({ target, lessons, mnist }: InputSettings): Promise<Inputs> {
  const folder = await mkdtemp(join(tmpdir(), 'gicho-bench-'))
  const { train } = await loadMnist({ folder: mnist })
  await writeFile(join(folder, 'images.bin'), train.images)
  await writeFile(join(folder, 'labels.bin'), Uint8Array.from(train.labels))
  const order = new RandomState(ORDER_SEED).permutation(train.length).slice(0, ROWS[target])
  await writeFile(join(folder, 'order.bin'), order)
  if (lessons.includes('augmented')) {
    const draws = generator().drawTable(new RandomState(DRAW_SEED), order.length, train.shape)
    await writeFile(join(folder, 'draws.bin'), draws)
  }
  const work: Record<string, LayerWork[]> = {}
  for (const name of lessons) {
    const model = lessonModel(name, true)
    const plain = lessonModel(name, false)
    const spec = await readModel(model)
    const { topology } = await readModel(plain)
    const weights = startWeights(spec.weights)
    const places = placesOf(weights)
    await writeFile(join(folder, `${name}.bin`), Buffer.concat(weights.map(({ values }) => bytesOf(values))))
    await writeFile(
      join(folder, `${name}.json`),
      JSON.stringify({ withDropout: spec.topology, withoutDropout: topology, weights: places }),
    )
    work[name] = layerWork(model)
    model.dispose()
    plain.dispose()
  }
  return { folder, source: train.source, work }
}

/** Glorot-uniform kernels drawn one after another; scales and variances one, the rest zero. */
function startWeights(weights: readonly NamedArray[]): NamedArray[] {
  const random = new RandomState(WEIGHT_SEED)
  return weights.map(({ name, shape, values }) => {
    if (!name.endsWith('/kernel')) {
      return { name, shape, values: values.slice().fill(/gamma|variance/.test(name) ? 1 : 0) }
    }
    const [inputs = 1, outputs = 1] = shape.slice(-2)
    const window = values.length / (inputs * outputs)
    const limit = Math.sqrt(6 / (window * (inputs + outputs)))
    return { name, shape, values: values.map(() => random.uniform(-limit, limit)) }
  })
}

function placesOf(weights: readonly NamedArray[]): WeightPlace[] {
  let offset = 0
  return weights.map(({ name, shape, values }) => {
    const place = { name, shape, offset }
    offset += values.length
    return place
  })
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
