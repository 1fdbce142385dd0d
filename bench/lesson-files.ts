import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ImageDataset, ModelSpec, NamedArray } from '@gicho/core'
import type { LessonName } from './work.ts'

/** Where a weight lies in the file: `offset` counts float32 numbers. */
export interface WeightPlace {
  readonly name: string
  readonly shape: readonly number[]
  readonly offset: number
}

/** A lesson as a peer reads it from the folder. */
export interface LessonFiles {
  readonly lesson: LessonName
  readonly batchSize: number
  /** What the model takes of an image: [784] or [28, 28, 1]. */
  readonly inputShape: readonly number[]
  readonly data: ImageDataset
  /** Rows of the data, batch after batch. */
  readonly order: Uint32Array
  /** Of the augmented lesson: a draw for each row of `order`, [rows, DRAW_NUMBERS]. */
  readonly draws: Float64Array | undefined
  model(dropout: boolean): ModelSpec
}

/** Reads what `writeInputs` wrote. */
export function readLesson(folder: string, lesson: LessonName, batchSize: number): LessonFiles {
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
  const flat = lesson === 'perceptron'
  return {
    lesson,
    batchSize,
    inputShape: flat ? [784] : [28, 28, 1],
    data: {
      images: Uint8Array.from(read('images.bin')),
      labels,
      length: labels.length,
      shape: [28, 28, 1],
      // The network has 24 outputs, of which digits use ten.
      classNames: Array.from({ length: flat ? 10 : 24 }, (_, i) => String(i)),
      split: 'train',
      source: 'MNIST',
    },
    order: new Uint32Array(Uint8Array.from(read('order.bin')).buffer),
    draws: lesson === 'augmented' ? new Float64Array(Uint8Array.from(read('draws.bin')).buffer) : undefined,
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
export function batchOf(step: number, { order, batchSize }: Pick<LessonFiles, 'order' | 'batchSize'>): number {
  return step % (order.length / batchSize)
}

/** Fills `target` from a table that is read round and round, from place `first` on. */
export function fillRound<T extends Uint32Array | Float64Array>(target: T, table: T, first: number): T {
  for (let done = 0; done < target.length; ) {
    const from = (first + done) % table.length
    const piece = table.subarray(from, from + target.length - done)
    target.set(piece, done)
    done += piece.length
  }
  return target
}
