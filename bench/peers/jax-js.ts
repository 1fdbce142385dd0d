// jax-js on its wasm backend: the whole step, with RMSprop, BatchNormalization and Dropout made of its own ops, in one jit.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, random, valueAndGrad } from '@jax-js/jax'
import { batchOf, floatRows, type LessonFiles, labelRows } from '../lesson-files.ts'
import { serve } from './serve.ts'

type Array = np.Array

const backends = await init('wasm')
if (!backends.includes('wasm')) throw new Error(`jax-js has no wasm backend here: ${backends.join(', ')}`)
defaultDevice('wasm')

/** Weights by name; every read counts one more reference, as jax-js wants it. */
type Weights = (name: string) => Array

function dense(x: Array, weight: Weights, name: string): Array {
  return np.matmul(x, weight(`${name}/kernel`)).add(weight(`${name}/bias`))
}

/** [N, C, H, W]; 3x3, same, relu. */
function conv(x: Array, weight: Weights, name: string): Array {
  const bias = weight(`${name}/bias`)
  const sum = lax.convGeneralDilated(x, weight(`${name}/kernel`), [1, 1], 'SAME')
  return nn.relu(sum.add(bias.reshape([1, -1, 1, 1])))
}

function batchNorm(x: Array, weight: Weights, name: string): Array {
  const mean = np.mean(x.ref, [0, 2, 3], { keepdims: true })
  const centred = x.sub(mean)
  const variance = np.mean(np.square(centred.ref), [0, 2, 3], { keepdims: true })
  const gamma = weight(`${name}/gamma`).reshape([1, -1, 1, 1])
  const beta = weight(`${name}/beta`).reshape([1, -1, 1, 1])
  return centred
    .mul(np.reciprocal(np.sqrt(variance.add(1e-3))))
    .mul(gamma)
    .add(beta)
}

/** 2x2, stride 2, same: an odd side gets a border that never wins. */
function maxPool(x: Array): Array {
  const [n = 0, c = 0, h = 0, w = 0] = x.shape
  const [rows, columns] = [h + (h % 2), w + (w % 2)]
  const padded = rows === h && columns === w ? x : withBorder(x, [h, w], [rows, columns])
  return np.max(padded.reshape([n, c, rows / 2, 2, columns / 2, 2]), [3, 5])
}

/** jax-js pads with zeros alone, so the border is added. */
function withBorder(x: Array, [h, w]: [number, number], [rows, columns]: [number, number]): Array {
  const border = Float32Array.from({ length: rows * columns }, (_, i) =>
    i % columns >= w || i >= h * columns ? -1e30 : 0,
  )
  const padded = np.pad(x, [
    [0, 0],
    [0, 0],
    [0, rows - h],
    [0, columns - w],
  ])
  return padded.add(np.array(border).reshape([rows, columns]))
}

function drop(x: Array, key: Array, rate: number): Array {
  const kept = random.bernoulli(key, 1 - rate, x.shape)
  return np.where(kept, x.mul(1 / (1 - rate)), 0)
}

function perceptron(x: Array, weight: Weights): Array {
  const first = nn.relu(dense(x, weight, 'dense_1'))
  return dense(nn.relu(dense(first, weight, 'dense_2')), weight, 'dense_3')
}

function network(x: Array, weight: Weights, keys: readonly Array[]): Array {
  const [key1, key2] = keys
  const [rows = 0] = x.shape
  let h = x.reshape([rows, 1, 28, 28])
  h = maxPool(batchNorm(conv(h, weight, 'conv2d_1'), weight, 'batch_normalization_1'))
  h = conv(h, weight, 'conv2d_2')
  if (key1) h = drop(h, key1, 0.2)
  h = maxPool(batchNorm(h, weight, 'batch_normalization_2'))
  h = maxPool(batchNorm(conv(h, weight, 'conv2d_3'), weight, 'batch_normalization_3'))
  // Keras flattens [H, W, C].
  h = np.transpose(h, [0, 2, 3, 1]).reshape([rows, 400])
  h = nn.relu(dense(h, weight, 'dense_1'))
  if (key2) h = drop(h, key2, 0.3)
  return dense(h, weight, 'dense_2')
}

/** The trainable weights; [R, S, C, O] kernels become [O, C, R, S]. */
function initialWeights(files: LessonFiles): { names: string[]; values: Array[] } {
  const trainable = files.model(true).weights.filter(({ name }) => !name.includes('moving'))
  const values = trainable.map(({ shape, values }) => {
    const array = np.array(Float32Array.from(values)).reshape([...shape])
    return shape.length === 4 ? np.transpose(array, [3, 2, 0, 1]) : array
  })
  return { names: trainable.map(({ name }) => name), values }
}

function makeStep(files: LessonFiles, names: readonly string[], dropout: boolean, rate: number) {
  const classes = files.data.classNames.length
  const loss = (weights: Array[], x: Array, labels: Array, key1: Array, key2: Array): Array => {
    const weight: Weights = (name) => {
      const found = weights[names.indexOf(name)]
      if (!found) throw new Error(`jax-js: no weight ${name}`)
      return found
    }
    const logits = files.lesson === 'network' ? network(x, weight, dropout ? [key1, key2] : []) : perceptron(x, weight)
    return np.mean(np.sum(nn.logSoftmax(logits, -1).mul(nn.oneHot(labels, classes)), -1)).mul(-1)
  }
  return jit((weights: Array[], slots: Array[], x: Array, labels: Array, key1: Array, key2: Array) => {
    const [value, gradients] = valueAndGrad(loss)(
      weights.map((weight) => weight.ref),
      x,
      labels,
      key1,
      key2,
    )
    const squares = slots.map((slot, i) => slot.mul(0.9).add(np.square(at(gradients, i).ref).mul(0.1)))
    const next = weights.map((weight, i) => {
      const root = np.sqrt(at(squares, i).ref.add(1e-7))
      return weight.sub(at(gradients, i).mul(rate).mul(np.reciprocal(root)))
    })
    return [value, next, squares] satisfies [Array, Array[], Array[]]
  })
}

function at(arrays: readonly Array[], place: number): Array {
  const found = arrays[place]
  if (!found) throw new Error(`jax-js: no array ${place} of ${arrays.length}`)
  return found
}

/** Its package.json is not exported. */
function version(): string {
  const entry = createRequire(import.meta.url).resolve('@jax-js/jax')
  const { version }: { version: string } = JSON.parse(readFileSync(join(dirname(entry), '../package.json'), 'utf8'))
  return version
}

await serve({
  about: ({ lesson }) => ({
    version: version(),
    // Its threads are web workers, which Node has not.
    threads: 1,
    notes: lesson === 'network' ? ['BatchNormalization keeps no moving averages'] : [],
  }),
  async start(files, { dropout, learningRate }) {
    const { batchSize } = files
    const [rows, labels] = [floatRows(files), labelRows(files)]
    const start = initialWeights(files)
    let weights = start.values
    let slots = weights.map((weight) => np.zeros(weight.shape))
    const step = makeStep(files, start.names, dropout, learningRate)
    return {
      async run(first, count) {
        let total = 0
        for (let i = first; i < first + count; i++) {
          const from = batchOf(i, files) * batchSize
          const x = np.array(rows.slice(from * 784, (from + batchSize) * 784)).reshape([batchSize, 784])
          const y = np.array(labels.slice(from, from + batchSize))
          const [loss, next, squares] = step(weights, slots, x, y, random.key(2 * i), random.key(2 * i + 1))
          weights = next
          slots = squares
          total += Number(await loss.jsAsync())
        }
        await blockUntilReady([...weights, ...slots])
        return total / count
      },
      dispose: () => {
        for (const array of [...weights, ...slots]) array.dispose()
      },
    }
  },
})
