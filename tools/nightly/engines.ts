/*
 * Random networks with odd options, on the compiled and on the eager engine. What an engine's `supports` lets through has to open,
 * train, evaluate and predict; what both run has to come out the same. Writes what it found to results/engines.json.
 *
 *   node tools/nightly/engines.ts [networks, 300] [seed, 1]
 */
import { writeFileSync } from 'node:fs'
import '@tensorflow/tfjs-backend-cpu'
import {
  type Engine,
  type ImageDataset,
  messageOf,
  type NamedArray,
  RandomState,
  sgd,
  type TrainingJob,
  unitRange,
} from '@gicho/core'
import { readModel, tfjsEngine } from '@gicho/engine/tfjs'
import { wasmEngine } from '@gicho/engine/wasm'
import {
  input,
  type LayersModel,
  layers,
  type layers as layerTypes,
  model,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'

const [count = 300, seed = 1] = process.argv.slice(2).map(Number)
const CLASSES = 4
const ROWS = 5
const random = new RandomState(seed)

const whole = (low: number, high: number): number => random.randint(low, high + 1)
function one<T>(...choices: readonly [T, ...T[]]): T {
  return choices[random.randint(0, choices.length)] ?? choices[0]
}
const maybe = <T extends object>(options: T): T | object => (random.random() < 0.3 ? options : {})
const activation = () =>
  one(
    'linear',
    'relu',
    'relu6',
    'tanh',
    'hardSigmoid',
    'elu',
    'selu',
    'softplus',
    'swish',
    'gelu',
    'softsign',
    'softmax',
    'mish',
  )
const norm = (axis: number | number[]) => ({ className: 'MaxNorm', config: { maxValue: 0.5, axis } })
const pair = (low: number, high: number): [number, number] => [whole(low, high), whole(low, high)]
const padding = () => one('same', 'valid')

type Make = () => layerTypes.Layer
const images: Readonly<Record<string, Make>> = {
  conv: () =>
    layers.conv2d({
      filters: whole(1, 6),
      kernelSize: pair(1, 3),
      strides: pair(1, 2),
      padding: padding(),
      activation: activation(),
      useBias: one(true, false),
      ...maybe({ kernelRegularizer: 'l1l2', trainable: one(true, false) }),
      ...maybe({ kernelConstraint: norm([0, 1, 2]) as never }),
      ...maybe({ biasConstraint: one('nonNeg', 'unitNorm') as never }),
    }),
  depthwise: () =>
    layers.depthwiseConv2d({
      kernelSize: whole(1, 3),
      depthMultiplier: whole(1, 3),
      padding: padding(),
      ...maybe({ depthwiseRegularizer: 'l1l2' }),
      ...maybe({ depthwiseConstraint: norm(0) as never }),
    }),
  separable: () =>
    layers.separableConv2d({
      filters: whole(1, 5),
      kernelSize: whole(1, 3),
      depthMultiplier: whole(1, 2),
      ...maybe({ pointwiseRegularizer: 'l1l2', trainable: one(true, false) }),
    }),
  batchNorm: () =>
    layers.batchNormalization({ axis: one(-1, 3, 1, 2, -2), center: one(true, false), trainable: one(true, false) }),
  layerNorm: () => layers.layerNormalization({ axis: one(-1, 3, [1, 2], -2), scale: one(true, false) }),
  maxPool: () => layers.maxPooling2d({ poolSize: pair(1, 3), strides: pair(1, 2), padding: padding() }),
  averagePool: () => layers.averagePooling2d({ poolSize: pair(1, 3), strides: pair(1, 2), padding: padding() }),
  up: () => layers.upSampling2d({ size: pair(1, 3), interpolation: one('nearest', 'bilinear') }),
  pad: () => layers.zeroPadding2d({ padding: one(1, [1, 2], [pair(0, 2), pair(0, 2)]) as never }),
  crop: () => layers.cropping2D({ cropping: 1 }),
  relu: () => layers.reLU({ maxValue: one(6, 3, 1) }),
  leaky: () => layers.leakyReLU({ alpha: random.random() }),
  prelu: () => layers.prelu({ sharedAxes: [1, 2] }),
  softmax: () => layers.softmax({ axis: one(-1, 1, 2, 3, [1, 2]) as never }),
  activation: () => layers.activation({ activation: activation() }),
  dropout: () => layers.dropout({ rate: one(0, 0.3) }),
  noise: () => layers.gaussianNoise({ stddev: 0.1 }),
  permute: () => layers.permute({ dims: one([2, 1, 3], [3, 1, 2]) }),
}

/** A classifier of a few random layers, with branches now and then, and the names of what it consists of. */
function network(shape: readonly number[]): { made: LayersModel; names: string[] } {
  const image = input({ shape: [...shape] })
  const names: string[] = []
  const apply = (layer: layerTypes.Layer, to: SymbolicTensor | SymbolicTensor[]) => layer.apply(to) as SymbolicTensor
  let at = image
  for (let i = whole(1, 4); i > 0; i--) {
    const name = one(...(Object.keys(images) as [string, ...string[]]), 'concatenate', 'add', 'maximum')
    const make = images[name]
    names.push(name)
    if (make) at = apply(make(), at)
    else {
      const branch = () =>
        apply(
          layers.conv2d({ filters: at.shape[3] ?? 1, kernelSize: 3, padding: 'same', activation: activation() }),
          at,
        )
      const parts = [branch(), branch()]
      const joining = {
        concatenate: () => layers.concatenate({ axis: one(-1, -2, -3, 1, 2, 3) }),
        add: () => layers.add(),
        maximum: () => layers.maximum(),
      }
      at = apply(joining[name as keyof typeof joining](), parts)
    }
  }
  const end = one('flatten', 'average', 'max')
  names.push(end)
  const flat = {
    flatten: () => layers.flatten(),
    average: () => layers.globalAveragePooling2d({}),
    max: () => layers.globalMaxPooling2d({}),
  }
  at = apply(flat[end](), at)
  if (random.random() < 0.5)
    at = apply(
      layers.dense({
        units: whole(1, 6),
        activation: activation(),
        ...maybe({ kernelRegularizer: 'l1l2', kernelConstraint: norm(0) as never }),
      }),
      at,
    )
  return {
    made: model({ inputs: image, outputs: apply(layers.dense({ units: CLASSES, activation: 'softmax' }), at) }),
    names,
  }
}

interface Ran {
  readonly outputs: Float32Array
  readonly weights: readonly NamedArray[]
}

async function run(engine: Engine, job: TrainingJob, train: ImageDataset): Promise<Ran | undefined> {
  if (engine.supports(job).length > 0) return undefined
  const session = await engine.open(job, { train, validation: { ...train, split: 'test' } })
  try {
    await session.evaluate('test')
    await session.train({
      order: Uint32Array.from({ length: train.length }, (_, i) => i),
      firstStep: 0,
      learningRate: 0.05,
    })
    return { outputs: await session.predict(train.images), weights: await session.readWeights() }
  } finally {
    await session.dispose()
  }
}

function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, size] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    difference += ((actual[i] ?? Number.NaN) - (expected[i] ?? 0)) ** 2
    size += (expected[i] ?? 0) ** 2
  }
  return Math.sqrt(difference / (size || 1))
}

const engines = {
  wasm: wasmEngine({ threads: 2 }),
  cpu: tfjsEngine({ backend: 'cpu' }),
  'tfjs wasm': tfjsEngine({ backend: 'wasm' }),
}
const ran = { networks: 0, both: 0, compiledAlone: 0, eagerAlone: 0, neither: 0 }
const found: { names: string[]; what: string }[] = []
for (let i = 0; i < count; i++) {
  const shape = [whole(1, 7), whole(1, 7), whole(1, 4)] as const
  let built: ReturnType<typeof network> | undefined
  try {
    built = network(shape)
  } catch {
    continue // tfjs doesn't make such a network at all
  }
  const { made, names } = built
  ran.networks++
  const spec = await readModel(made)
  made.dispose()
  const weights = spec.weights.map((weight) => ({
    ...weight,
    values: weight.values.map(() =>
      /variance|gamma/.test(weight.name) ? 0.5 + random.random() : random.random() - 0.5,
    ),
  }))
  const length = ROWS * 2 + 1 // the last batch is a single image
  const train: ImageDataset = {
    images: Uint8Array.from({ length: length * shape[0] * shape[1] * shape[2] }, () => random.randint(0, 256)),
    labels: Uint8Array.from({ length }, () => random.randint(0, CLASSES)),
    length,
    shape,
    classNames: ['a', 'b', 'c', 'd'],
    split: 'train',
    source: 'noise',
  }
  const job: TrainingJob = {
    model: { ...spec, weights },
    loss: 'categoricalCrossentropy',
    optimizer: sgd({ learningRate: 0.05 }),
    batchSize: ROWS,
    seed: 1,
    input: unitRange([...shape]),
  }
  const results: Record<string, Ran | undefined> = {}
  for (const [name, engine] of Object.entries(engines)) {
    try {
      results[name] = await run(engine, job, train)
    } catch (error) {
      if (!/nothing is left/.test(messageOf(error))) found.push({ names, what: `${name} threw: ${messageOf(error)}` })
    }
  }
  const { wasm, cpu } = results
  if (wasm && cpu) ran.both++
  else if (wasm) ran.compiledAlone++
  else if (cpu) ran.eagerAlone++
  else ran.neither++
  const reference = wasm ?? cpu
  for (const [name, result] of Object.entries(results)) {
    if (!reference || !result || result === reference) continue
    const outputs = distance(result.outputs, reference.outputs)
    // A kink that float32 sums take on either side shows in single networks; look at what is far larger.
    if (!(outputs < 1e-3)) found.push({ names, what: `${name}: outputs ${outputs.toExponential(1)} apart` })
    for (const [at, { name: weight, values }] of reference.weights.entries()) {
      const apart = distance(result.weights[at]?.values ?? [], values)
      if (!(apart < 1e-3)) found.push({ names, what: `${name}: ${weight} ${apart.toExponential(1)} apart` })
    }
  }
}
const report = { seed, ...ran, found }
writeFileSync(new URL('results/engines.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`)
console.log(JSON.stringify(report, null, 1))
process.exit(found.length > 0 ? 1 : 0)
