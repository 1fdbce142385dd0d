/* Transfer learning: what plain tfjs wouldn't train stays as it is on every engine, however it was frozen. */
import { type Engine, type NamedArray, sgd } from '@gicho/core'
import {
  input,
  type LayersModel,
  layers,
  type layers as layerTypes,
  model,
  type Sequential,
  SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { wasmEngine } from '../dist/wasm.node.js'
import { readGraph } from '../src/graph/read-graph.ts'
import { readModel } from '../src/tfjs/weights.ts'
import { tfjsEngine } from '../src/tfjs.node.ts'
import { jobFor, noise, rows } from './samples.ts'

const eager = tfjsEngine({ backend: 'cpu' })
const wasm = wasmEngine({ threads: 1 })
const data = noise(32)

const hidden = (units = 8): layerTypes.Layer => layers.dense({ units, activation: 'tanh' })
const classes = (): layerTypes.Layer => layers.dense({ units: 10, activation: 'softmax' })

function trunk(): Sequential {
  return sequential({ layers: [layers.dense({ units: 8, inputShape: [64] }), layers.batchNormalization(), hidden()] })
}

/** A layer's output for one tensor. */
function applied(layer: layerTypes.Layer, tensor: SymbolicTensor): SymbolicTensor {
  const given = layer.apply(tensor)
  if (given instanceof SymbolicTensor) return given
  throw new Error(`${layer.name} gave no tensor of the graph`)
}

/** A model on top of a base's own layers. */
function onto(base: LayersModel): LayersModel {
  const [end] = base.outputs
  if (!end) throw new Error('the base has no output')
  return model({ inputs: base.inputs, outputs: applied(classes(), end) })
}

function frozen<M extends LayersModel>(base: M): M {
  base.trainable = false
  return base
}

/** Each way to freeze, whether the compiled engines read such a model, and how many of its weights are trained. */
const WAYS: readonly [string, () => LayersModel, compiled: boolean, trained: number][] = [
  ['a base under new layers', () => onto(frozen(trunk())), true, 2],
  [
    'a base frozen once the model is built',
    () => {
      const base = trunk()
      const whole = onto(base)
      frozen(base)
      return whole
    },
    true,
    2,
  ],
  [
    'a base that is unfrozen again',
    () => {
      const base = frozen(trunk())
      base.trainable = true
      return onto(base)
    },
    true,
    8,
  ],
  [
    'layers frozen one by one',
    () => {
      const base = trunk()
      for (const layer of base.layers.slice(0, 2)) layer.trainable = false
      return onto(base)
    },
    true,
    4,
  ],
  [
    'a base of which one layer is unfrozen again',
    () => {
      const base = frozen(trunk())
      for (const layer of base.layers.slice(2)) layer.trainable = true
      return onto(base)
    },
    true,
    4,
  ],
  [
    'a base applied as a layer',
    () => {
      const base = frozen(trunk())
      const images = input({ shape: [64] })
      return model({ inputs: images, outputs: applied(classes(), applied(base, images)) })
    },
    false,
    2,
  ],
  ['a Sequential in a Sequential', () => sequential({ layers: [frozen(trunk()), classes()] }), false, 2],
  [
    'a base nested twice',
    () => sequential({ layers: [sequential({ layers: [frozen(trunk()), hidden()] }), classes()] }),
    false,
    4,
  ],
  [
    'the outer of two nested models',
    () => sequential({ layers: [frozen(sequential({ layers: [trunk(), hidden()] })), classes()] }),
    false,
    2,
  ],
]

/** Names of the weights that a step on an engine moves. */
async function moved(live: LayersModel, engine: Engine): Promise<string[]> {
  const spec = await readModel(live)
  const session = await engine.open(jobFor(spec, { optimizer: sgd({ learningRate: 0.5 }) }), { train: data })
  try {
    await session.train({ order: rows(32), firstStep: 0, learningRate: 0.5 })
    const after = new Map((await session.readWeights()).map(({ name, values }) => [name, values]))
    return spec.weights.flatMap(({ name, values }: NamedArray) => (isSame(values, after.get(name)) ? [] : [name]))
  } finally {
    await session.dispose()
  }
}

function isSame(a: Float32Array, b: Float32Array | undefined): boolean {
  return a.every((value, i) => value === b?.[i])
}

test.each(WAYS)('%s: what tfjs trains is trained, and nothing else', async (_, make, compiled, trained) => {
  const live = make()
  // Averages of a BatchNormalization that is trained move too.
  const truth = live.trainableWeights.map(({ originalName }) => originalName)
  expect(truth).toHaveLength(trained)
  const expected = live.weights.flatMap(({ originalName }) => {
    const [layer = '', role = ''] = originalName.split('/')
    return truth.includes(originalName) || (role.startsWith('moving') && truth.includes(`${layer}/gamma`))
      ? [originalName]
      : []
  })
  expect((await moved(live, eager)).sort()).toEqual(expected.sort())
  const spec = await readModel(live)
  expect(wasm.supports(jobFor(spec)).length === 0).toBe(compiled)
  if (!compiled) return
  expect((await moved(live, wasm)).sort()).toEqual(expected.sort())
  // The GPU reads the same graph.
  const { graph } = readGraph(spec)
  const names = graph?.nodes.filter(({ trainable }) => trainable).flatMap(({ weights }) => Object.values(weights))
  expect(names?.filter((name) => !name.includes('moving')).sort()).toEqual(truth.sort())
})

test('a layer of which only some weights are frozen is refused by name', async () => {
  const live = onto(trunk())
  const [kernel] = live.layers.at(-1)?.trainableWeights ?? []
  if (!kernel) throw new Error('no kernel')
  kernel.trainable = false
  const name = live.layers.at(-1)?.name
  for (const engine of [eager, wasm]) {
    await expect(moved(live, engine), engine.name).rejects.toThrow(
      `${name}: some of its weights are frozen and others not.`,
    )
  }
})
