import type { ModelSpec } from '@gicho/core'
import fc from 'fast-check'
import { expectedWeights } from '../src/graph/weight-shapes.ts'
import { readJob } from '../src/session/read-job.ts'
import type { Platform } from '../src/wasm/platform.ts'
import { answerRequests, type WorkerAnswer } from '../src/wasm/worker.ts'
import { jobFor } from './samples.ts'

/** A platform whose one thread is this one, and whose memory a test can look into. */
export function openPlatform(): { readonly platform: Platform; memory(): Uint8Array } {
  let memory: WebAssembly.Memory | undefined
  const platform: Platform = {
    cores: () => 1,
    sharesMemory: () => true,
    prepare: () => undefined,
    spawn() {
      const answer = answerRequests()
      let tell: (given: WorkerAnswer | ReturnType<typeof answer>) => void = () => undefined
      return {
        post(request) {
          if (request.type === 'start' && request.memory instanceof WebAssembly.Memory) memory = request.memory
          const given = answer(request)
          queueMicrotask(() => tell(given))
        },
        onAnswer(handler) {
          tell = handler
        },
        onDeath: () => undefined,
        terminate: () => Promise.resolve(),
      }
    },
  }
  return { platform, memory: () => new Uint8Array(memory?.buffer ?? new ArrayBuffer(0)) }
}

/** What no size, count or share should be. */
const HOSTILE: readonly unknown[] = [
  -1,
  -78,
  -4,
  0,
  0.5,
  1.5,
  -0.25,
  2 ** 31,
  2 ** 31 - 1,
  2 ** 32,
  2 ** 53,
  -(2 ** 31),
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '3',
  '',
  true,
  {},
  [],
  [1],
  [1, 2, 3],
  [-78, 82],
  [
    [0, 0],
    [-4, 8],
  ],
  [
    [1e9, 0],
    [0, 0],
  ],
  'constructor',
  '__proto__',
]

type Value = fc.Arbitrary<unknown>
type Layer = Readonly<Record<string, unknown>>

const small = (least: number, most: number): Value => fc.integer({ min: least, max: most })
const pair = (least: number, most: number): Value => fc.tuple(small(least, most), small(least, most))
const padding: Value = fc.constantFrom('same', 'valid')
const share: Value = fc.constantFrom(0, 0.1, 0.5, 0.99)
const flag: Value = fc.boolean()
const activation: Value = fc.constantFrom('linear', 'relu', 'sigmoid', 'tanh', 'elu', 'softplus')

/** Every kind of layer with its fields, all of them harmless. */
const KINDS: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  Conv2D: {
    filters: small(1, 9),
    kernel_size: pair(1, 3),
    strides: pair(1, 3),
    dilation_rate: fc.constant([1, 1]),
    padding,
    use_bias: flag,
    activation,
  },
  DepthwiseConv2D: {
    depth_multiplier: small(1, 3),
    kernel_size: pair(1, 3),
    strides: fc.constant([1, 1]),
    padding,
    use_bias: flag,
    activation,
  },
  MaxPooling2D: { pool_size: pair(1, 3), strides: pair(1, 3), padding },
  AveragePooling2D: { pool_size: pair(1, 3), strides: pair(1, 3), padding },
  ZeroPadding2D: { padding: fc.oneof(pair(0, 3), fc.tuple(pair(0, 3), pair(0, 3))) },
  UpSampling2D: { size: pair(1, 3), interpolation: fc.constantFrom('nearest', 'bilinear') },
  BatchNormalization: {
    axis: fc.constant(-1),
    momentum: share,
    epsilon: fc.constantFrom(1e-3, 1e-5),
    center: flag,
    scale: flag,
  },
  LayerNormalization: {
    axis: fc.constant(-1),
    epsilon: fc.constantFrom(1e-3, 1e-5),
    center: fc.constant(true),
    scale: fc.constant(true),
  },
  Dropout: { rate: share },
  GaussianNoise: { stddev: share },
  Activation: { activation },
  LeakyReLU: { alpha: share },
  ReLU: { max_value: fc.constantFrom(null, 6) },
}

/** Layers on images, some fields of which may be hostile. */
function layerOf(className: string, name: string, attacks: boolean): fc.Arbitrary<Layer> {
  const fields = Object.entries(KINDS[className] ?? {})
  const one = (harmless: Value): Value =>
    attacks
      ? fc.oneof({ weight: 4, arbitrary: harmless }, { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) })
      : harmless
  const config = fc.record(Object.fromEntries(fields.map(([key, value]) => [key, one(value)])))
  return config.map((given) => ({ class_name: className, config: { name, trainable: true, ...given } }))
}

/** A sequential topology: an image, a few layers, a Dense layer with a softmax. */
export function topologies(attacks: boolean): fc.Arbitrary<Layer> {
  const kinds = fc.array(fc.constantFrom(...Object.keys(KINDS)), { minLength: 1, maxLength: 4 })
  const shape = fc.tuple(small(1, 9), small(1, 9), small(1, 5))
  return fc.tuple(kinds, shape).chain(([names, sizes]) =>
    fc.tuple(...names.map((kind, i) => layerOf(kind, `layer_${i}`, attacks))).map((list) => {
      const first = { class_name: 'InputLayer', config: { name: 'input', batch_input_shape: [null, ...sizes] } }
      const end = { name: 'end', units: 3, activation: 'softmax', use_bias: true, trainable: true }
      const last = [
        { class_name: 'Flatten', config: { name: 'flat' } },
        { class_name: 'Dense', config: end },
      ]
      return { class_name: 'Sequential', config: { name: 'model', layers: [first, ...list, ...last] } }
    }),
  )
}

/** A topology with weights that fit it; without any where it is refused. */
export function specOfTopology(topology: Layer): ModelSpec {
  const { graph } = readJob(jobFor({ topology, weights: [] }))
  let state = 1
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32 - 0.5
  }
  const weights = graph ? expectedWeights(graph) : []
  return {
    topology,
    weights: weights.map(({ name, shape }) => {
      const length = shape.reduce((product, size) => product * size, 1)
      const centre = /gamma|moving_variance/.test(name) ? 1 : 0
      return { name, shape, values: Float32Array.from({ length }, () => centre + next()) }
    }),
  }
}
