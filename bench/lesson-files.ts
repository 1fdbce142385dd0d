import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ImageDataset, ModelSpec, NamedArray } from '@gicho/core'
import { BATCH_SIZE, type LessonName } from './work.ts'

/** Where a weight lies in the file: `offset` counts float32 numbers. */
export interface WeightPlace {
  readonly name: string
  readonly shape: readonly number[]
  readonly offset: number
}

/** A lesson as a peer reads it from the folder. */
export interface LessonFiles {
  readonly lesson: LessonName
  readonly data: ImageDataset
  /** Rows of the data, batch after batch. */
  readonly order: Uint32Array
  model(dropout: boolean): ModelSpec
}

/** Reads what `writeInputs` wrote. */
export function readLesson(folder: string, lesson: LessonName): LessonFiles {
  const read = (name: string): Buffer => readFileSync(join(folder, name))
  const labels = Uint8Array.from(read('labels.bin'))
  const file: {
    withDropout: Record<string, unknown>
    withoutDropout: Record<string, unknown>
    weights: WeightPlace[]
  } = JSON.parse(read(`${lesson}.json`).toString())
  const numbers = new Float32Array(Uint8Array.from(read(`${lesson}.bin`)).buffer)
  const weights: NamedArray[] = file.weights.map(({ name, shape, offset }) => {
    const size = shape.reduce((product, n) => product * n, 1)
    return { name, shape, values: numbers.slice(offset, offset + size) }
  })
  return {
    lesson,
    data: {
      images: Uint8Array.from(read('images.bin')),
      labels,
      length: labels.length,
      shape: [28, 28, 1],
      // The network has 24 outputs, of which digits use ten.
      classNames: Array.from({ length: lesson === 'network' ? 24 : 10 }, (_, i) => String(i)),
      split: 'train',
      source: 'MNIST',
    },
    order: new Uint32Array(Uint8Array.from(read('order.bin')).buffer),
    model: (dropout) => ({ topology: dropout ? file.withDropout : file.withoutDropout, weights }),
  }
}

/** All batches as float32 in [0, 1], [rows, 784], made before the clock runs: a peer copies its batch from here. */
export function floatRows({ data, order }: LessonFiles): Float32Array {
  const rows = new Float32Array(order.length * 784)
  for (const [place, row] of order.entries()) {
    for (let k = 0; k < 784; k++) rows[place * 784 + k] = (data.images[row * 784 + k] ?? 0) / 255
  }
  return rows
}

/** The labels of all batches, in order. */
export function labelRows({ data, order }: LessonFiles): Int32Array {
  return Int32Array.from(order, (row) => data.labels[row] ?? 0)
}

/** Which of the prepared batches is a step's. */
export function batchOf(step: number, { order }: Pick<LessonFiles, 'order'>): number {
  return step % (order.length / BATCH_SIZE)
}
