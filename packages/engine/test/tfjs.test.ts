import { type NamedArray, rmsprop, sgd, unitRange } from '@gicho/core'
import * as tf from '@tensorflow/tfjs-core'
import { layers, regularizers, type Sequential, sequential } from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { availableBackends, tfjsEngine } from '../src/tfjs.node.ts'
import { describeEngine } from './contract.ts'
import { distance, jobFor, network, noise, rows, smallModel, smallSpec, specOf } from './samples.ts'

describeEngine('tfjs on cpu', () => tfjsEngine({ backend: 'cpu' }))
describeEngine('tfjs on wasm', () => tfjsEngine({ backend: 'wasm' }))

test.each(['cpu', 'wasm'] as const)('on %s no tensor outlives its step, its epoch, or its session', async (backend) => {
  const model = await specOf(network([4, 3, 2], 8))
  const data = noise(20, { side: 28, classes: 24 })
  const job = jobFor(model, { input: unitRange([28, 28, 1]), batchSize: 8, optimizer: sgd({ momentum: 0.9 }) })
  // The first run of a backend makes the tensors that it keeps for good.
  const warm = await tfjsEngine({ backend }).open(job, { train: data })
  await warm.dispose()
  const before = tf.memory().numTensors
  const session = await tfjsEngine({ backend }).open(job, { train: data })
  const afterEpoch: number[] = []
  for (let epoch = 0; epoch < 3; epoch++) {
    await session.train({ order: rows(20), firstStep: epoch * 3, learningRate: 1e-3 })
    await session.evaluate('train')
    await session.predict(data.images)
    await session.writeWeights(await session.readWeights())
    await session.writeOptimizer(await session.readOptimizer())
    afterEpoch.push(tf.memory().numTensors)
  }
  expect(new Set(afterEpoch).size).toBe(1)
  const duringSteps: number[] = []
  const order = Uint32Array.from({ length: 64 }, (_, i) => i % 20)
  const onProgress = (): number => duringSteps.push(tf.memory().numTensors)
  await session.train({ order, firstStep: 9, learningRate: 1e-3, onProgress })
  // A report reads the sums of the batches so far, and leaves none of them.
  expect(new Set(duringSteps)).toEqual(new Set([afterEpoch[0]]))
  await session.dispose()
  expect(tf.memory().numTensors).toBe(before)
})

test('the user’s model and backend are left alone', async () => {
  await tf.setBackend('cpu')
  const model = smallModel()
  const before = model.getWeights().map((weight) => weight.dataSync().slice())
  const { readModel } = await import('../src/tfjs/weights.ts')
  const session = await tfjsEngine({ backend: 'wasm' }).open(jobFor(await readModel(model)), { train: noise(40) })
  const training = session.train({ order: rows(40), firstStep: 0, learningRate: 0.1 })
  expect(tf.getBackend()).toBe('cpu')
  await training
  expect(tf.getBackend()).toBe('cpu')
  expect(model.getWeights().map((weight) => weight.dataSync())).toEqual(before)
  expect((await session.readWeights())[0]?.values).not.toEqual(before[0])
  await session.dispose()
  model.dispose()
})

test('lesson 3’s network moves on wasm as it does on cpu', async () => {
  const model = await specOf(network([12, 10, 8], 32))
  const data = noise(6, { side: 28, classes: 24 })
  const job = jobFor(model, { input: unitRange([28, 28, 1]), batchSize: 3, optimizer: sgd() })
  const moved = async (backend: 'cpu' | 'wasm'): Promise<NamedArray[]> => {
    const session = await tfjsEngine({ backend }).open(job, { train: data })
    await session.train({ order: rows(6), firstStep: 0, learningRate: 0.01 })
    const weights = await session.readWeights()
    await session.dispose()
    return weights
  }
  const [cpu, wasm] = [await moved('cpu'), await moved('wasm')]
  cpu.forEach(({ name, values }, i) => {
    const start = model.weights[i]?.values ?? new Float32Array(0)
    const expected = values.map((value, k) => value - (start[k] ?? 0))
    const actual = wasm[i]?.values.map((value, k) => value - (start[k] ?? 0)) ?? new Float32Array(0)
    // The distance is of the movement, a thousandth of the weights: float32 leaves it four digits.
    expect(distance(actual, expected), name).toBeLessThan(1e-3)
  })
}, 20_000)

test('the full network of lesson 3 trains on wasm', async () => {
  const model = await specOf(network())
  expect(model.weights.reduce((total, { values }) => total + values.length, 0)).toBe(264_049)
  const job = jobFor(model, { input: unitRange([28, 28, 1]), batchSize: 4 })
  const session = await tfjsEngine({ backend: 'wasm' }).open(job, { train: noise(8, { side: 28, classes: 24 }) })
  const sums = await session.train({ order: rows(8), firstStep: 0, learningRate: 1e-3 })
  expect(sums.loss).toBeGreaterThan(0)
  await session.dispose()
})

async function trained(model: Sequential, steps = 1): Promise<{ loss: number; weights: NamedArray[] }> {
  const session = await tfjsEngine({ backend: 'cpu' }).open(jobFor(await specOf(model), { optimizer: sgd() }), {
    train: noise(16),
  })
  let loss = 0
  for (let step = 0; step < steps; step++) {
    loss = (await session.train({ order: rows(16), firstStep: step, learningRate: 0.1 })).loss
  }
  const weights = await session.readWeights()
  await session.dispose()
  return { loss, weights }
}

const softmax = () => layers.dense({ units: 10, activation: 'softmax', name: 'classes', kernelInitializer: 'zeros' })

test('the moving variance of BatchNormalization follows the biased variance of the batch', async () => {
  const model = sequential({ layers: [layers.batchNormalization({ inputShape: [64], name: 'norm' }), softmax()] })
  const { weights } = await trained(model)
  const data = noise(16)
  const column = Array.from({ length: 16 }, (_, row) => (data.images[row * 64] ?? 0) / 255)
  const mean = column.reduce((a, b) => a + b) / 16
  const variance = column.reduce((total, x) => total + (x - mean) ** 2, 0) / 16
  expect(weights.find(({ name }) => name === 'norm/moving_mean')?.values[0]).toBeCloseTo(0.01 * mean, 6)
  expect(weights.find(({ name }) => name === 'norm/moving_variance')?.values[0]).toBeCloseTo(0.99 + 0.01 * variance, 6)
})

test('BatchNormalization trains without center and scale, and stays still when frozen', async () => {
  const bare = layers.batchNormalization({ inputShape: [64], center: false, scale: false, name: 'norm' })
  expect((await trained(sequential({ layers: [bare, softmax()] }))).loss).toBeGreaterThan(0)
  const frozen = layers.batchNormalization({ inputShape: [64], trainable: false, name: 'norm' })
  const { weights } = await trained(sequential({ layers: [frozen, softmax()] }))
  expect(weights.find(({ name }) => name === 'norm/moving_mean')?.values.every((value) => value === 0)).toBe(true)
})

test('frozen layers keep their weights, the others train', async () => {
  const frozen = layers.dense({
    units: 8,
    inputShape: [64],
    name: 'frozen',
    trainable: false,
    kernelInitializer: 'ones',
  })
  const { weights } = await trained(sequential({ layers: [frozen, softmax()] }))
  const kernel = (layer: string) => weights.find(({ name }) => name === `${layer}/kernel`)?.values ?? []
  expect(kernel('frozen').every((value) => value === 1)).toBe(true)
  expect(kernel('classes').some((value) => value !== 0)).toBe(true)
})

test('a regularizer counts in the loss and in the gradient', async () => {
  const dense = (l2: number) =>
    layers.dense({
      units: 10,
      activation: 'softmax',
      inputShape: [64],
      kernelInitializer: 'zeros',
      biasInitializer: 'ones',
      ...(l2 ? { biasRegularizer: regularizers.l2({ l2 }) } : {}),
    })
  const plain = await trained(sequential({ layers: [dense(0)] }))
  const penalised = await trained(sequential({ layers: [dense(0.5)] }))
  // Ten biases of 1: 0.5 * 10 for each of 16 samples; their gradient is 2 * 0.5 * 1, the rate 0.1.
  expect(penalised.loss - plain.loss).toBeCloseTo(80, 3)
  const bias = ({ weights }: { weights: NamedArray[] }) => weights[1]?.values[0] ?? Number.NaN
  expect(bias(plain) - bias(penalised)).toBeCloseTo(0.1, 5)
})

test('the loss of a certain and wrong prediction is not clipped', async () => {
  const sure = layers.dense({
    units: 10,
    activation: 'softmax',
    inputShape: [64],
    kernelInitializer: 'zeros',
    name: 'sure',
  })
  const spec = await specOf(sequential({ layers: [sure] }))
  const weights = spec.weights.map((weight) =>
    weight.name === 'sure/bias' ? { ...weight, values: Float32Array.of(100, 0, 0, 0, 0, 0, 0, 0, 0, 0) } : weight,
  )
  const data = { ...noise(1), labels: Uint8Array.of(1) }
  const session = await tfjsEngine({ backend: 'wasm' }).open(jobFor({ ...spec, weights }, { optimizer: sgd() }), {
    train: data,
  })
  expect((await session.evaluate('train')).loss).toBe(100)
  await session.train({ order: rows(1), firstStep: 0, learningRate: 1 })
  // p = [1, 0, …], y = [0, 1, 0, …]: a full step down and a full step up.
  const bias = (await session.readWeights())[1]?.values
  expect(bias?.slice(0, 2)).toEqual(Float32Array.of(99, 1))
  expect(Math.abs(bias?.[2] ?? 1)).toBeLessThan(1e-40) // e^-100
  await session.dispose()
})

test('the softmax may be a layer of its own', async () => {
  for (const last of [layers.softmax({ name: 'last' }), layers.activation({ activation: 'softmax', name: 'last' })]) {
    const dense = layers.dense({ units: 10, inputShape: [64], kernelInitializer: 'zeros' })
    expect((await trained(sequential({ layers: [dense, last] }))).loss).toBeCloseTo(16 * Math.log(10), 3)
  }
})

test('the two places of epsilon give two RMSprops', async () => {
  const spec = await smallSpec()
  const after = async (epsilonMode: 'keras3' | 'tf2'): Promise<number[]> => {
    const optimizer = rmsprop({ epsilon: 0.1, epsilonMode })
    const session = await tfjsEngine({ backend: 'cpu' }).open(jobFor(spec, { optimizer }), { train: noise(16) })
    await session.train({ order: rows(16), firstStep: 0, learningRate: 0.1 })
    const [weights, state] = [await session.readWeights(), await session.readOptimizer()]
    await session.dispose()
    const gradientSquared = (state.at(-1)?.values[0] ?? 0) / 0.1
    return [Math.abs(weights.at(-1)?.values[0] ?? 0), gradientSquared]
  }
  const [step3 = 0, squared3 = 0] = await after('keras3')
  expect(step3).toBeCloseTo((0.1 * Math.sqrt(squared3)) / Math.sqrt(0.1 * squared3 + 0.1), 5)
  const [step2 = 0, squared2 = 0] = await after('tf2')
  expect(step2).toBeCloseTo((0.1 * Math.sqrt(squared2)) / (Math.sqrt(0.1 * squared2) + 0.1), 5)
})

test('a model that tfjs cannot rebuild is refused with what tfjs said', async () => {
  const spec = await smallSpec()
  const topology = JSON.parse(JSON.stringify(spec.topology).replace('"Dropout"', '"Fancy"'))
  const opening = tfjsEngine({ backend: 'cpu' }).open(jobFor({ ...spec, topology }), { train: noise(4) })
  await expect(opening).rejects.toMatchObject({ code: 'unsupported' })
  await expect(opening).rejects.toThrow('Fancy')
})

test('weights, inputs and outputs that do not fit are refused when the session is opened', async () => {
  const spec = await smallSpec()
  const open = (changes: object, model = spec) =>
    tfjsEngine({ backend: 'cpu' }).open(jobFor(model, changes), { train: noise(4) })
  await expect(open({ input: unitRange([8, 8, 1]) })).rejects.toThrow("don't fit the model's input (None, 64)")
  const cut = spec.weights.map((weight) => ({ ...weight, values: weight.values.slice(1) }))
  await expect(open({}, { ...spec, weights: cut })).rejects.toThrow(
    'expected 1024 values for hidden/kernel (64, 16), got 1023',
  )
  const deep = await specOf(
    sequential({ layers: [layers.dense({ units: 3, activation: 'softmax', inputShape: [8, 8] })] }),
  )
  await expect(open({ input: unitRange([8, 8]) }, deep)).rejects.toThrow('expected one output of shape (None, classes)')
})

test('every backend is reported with its device or a reason', async () => {
  const reports = await availableBackends()
  expect(reports.map(({ backend }) => backend)).toEqual(['webgpu', 'tensorflow', 'wasm', 'cpu'])
  for (const { available, device, reason } of reports) {
    expect(available ? device : reason).toMatch(/\S/)
  }
  expect(reports.slice(2).every(({ available }) => available)).toBe(true)
})

test('an unknown backend is refused with the known ones', async () => {
  const engine = tfjsEngine({ backend: 'cuda' as 'cpu' })
  await expect(engine.open(jobFor(await smallSpec()), { train: noise(4) })).rejects.toThrow(
    'expected auto, webgpu, tensorflow, wasm, cpu, got "cuda"',
  )
})

test('a kernel that the backend lacks is named, with what to do', async () => {
  const session = await tfjsEngine({ backend: 'wasm' }).open(jobFor(await smallSpec()), { train: noise(4) })
  const softmaxKernel = tf.getKernel('Softmax', 'wasm')
  tf.unregisterKernel('Softmax', 'wasm')
  await expect(session.predict(noise(4).images)).rejects.toThrow(
    /^backend wasm can't run this model: Kernel 'Softmax' not registered for backend 'wasm'/,
  )
  tf.registerKernel(softmaxKernel)
  expect(await session.predict(noise(4).images)).toHaveLength(40)
  await session.dispose()
})
