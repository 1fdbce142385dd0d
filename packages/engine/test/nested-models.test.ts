/* Models inside models, as transfer learning and Teachable Machine make them, and the axis of a normalization as Keras 2 writes it. */
import '@tensorflow/tfjs-backend-cpu'
import { type Engine, type ModelSpec, unitRange } from '@gicho/core'
import {
  input as inputOf,
  layers,
  model as modelOf,
  type Sequential,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { wasmEngine } from '../dist/wasm.node.js'
import { readModel, tfjsEngine } from '../src/tfjs.node.ts'
import { webgpuEngine } from '../src/webgpu.node.ts'
import { distance, jobFor, noise, rows } from './samples.ts'

const eager = tfjsEngine({ backend: 'cpu' })
const data = noise(24)
const input = unitRange([8, 8, 1])

const base = (axis: unknown = -1): layers.Layer[] => [
  layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [8, 8, 1], name: 'conv', activation: 'relu' }),
  layers.batchNormalization({ name: 'norm', axis: axis as number }),
  layers.flatten({ name: 'flat' }),
]
const head = (): layers.Layer => layers.dense({ units: 10, activation: 'softmax', inputShape: [108], name: 'head' })

function symbolic(value: unknown): SymbolicTensor {
  return value as SymbolicTensor
}

/** The same network flat, as a Sequential in a Sequential, as a Functional in a Functional. */
const kinds = {
  flat: (): Sequential => sequential({ layers: [...base(), head()] }),
  'Sequential in Sequential': (): Sequential =>
    sequential({
      layers: [sequential({ layers: base(), name: 'base' }), sequential({ layers: [head()], name: 'top' })],
    }),
  'Functional in Functional': () => {
    const inner = inputOf({ shape: [8, 8, 1], name: 'inner' })
    const last = base().reduce((tensor, layer) => symbolic(layer.apply(tensor)), inner)
    const outer = inputOf({ shape: [8, 8, 1], name: 'outer' })
    const features = symbolic(modelOf({ inputs: inner, outputs: last, name: 'base' }).apply(outer))
    return modelOf({ inputs: outer, outputs: symbolic(head().apply(features)) })
  },
}

/** A model as data, its weights the same whichever way it is built: by the layer's and the weight's name. */
async function specOf(kind: keyof typeof kinds): Promise<ModelSpec> {
  const model = kinds[kind]()
  const spec = await readModel(model)
  model.dispose()
  return {
    ...spec,
    weights: spec.weights.map(({ name, shape, values }) => {
      const [start = 0] = [...(name.split('/').at(-1) ?? '')].map((letter) => letter.charCodeAt(0))
      const own = values.map((value, i) => (/gamma|variance/.test(name) ? value : Math.sin(i + start) / 4))
      return { name: name.replace(/(conv|norm|head)_\d+\//, '$1/'), shape, values: own }
    }),
  }
}

async function trained(engine: Engine, spec: ModelSpec): Promise<Float32Array> {
  const session = await engine.open(jobFor(spec, { input }), { train: data })
  try {
    await session.train({ order: rows(24), firstStep: 0, learningRate: 1e-2 })
    return await session.predict(data.images)
  } finally {
    await session.dispose()
  }
}

test.each(['Sequential in Sequential', 'Functional in Functional'] as const)(
  'a %s trains on the eager engine as the flat model does',
  async (kind) => {
    const spec = await specOf(kind)
    expect(eager.supports(jobFor(spec, { input }))).toEqual([])
    expect(distance(await trained(eager, spec), await trained(eager, await specOf('flat')))).toBeLessThan(1e-6)
  },
)

test.each(['Sequential in Sequential', 'Functional in Functional'] as const)(
  'a %s is named by the compiled engines, with the engine that runs it',
  async (kind) => {
    const job = jobFor(await specOf(kind), { input })
    const message =
      "it is a model inside the model, which isn't compiled yet: take the eager engine (tfjsEngine), which runs it, " +
      'or add its layers themselves'
    for (const engine of [wasmEngine({ threads: 1 }), webgpuEngine({})]) {
      const issues = engine.supports(job)
      expect(issues[0]).toEqual({ where: 'base', message })
      expect(JSON.stringify(issues)).not.toContain('inputShape')
    }
  },
)

test.each(['live', 'loaded'])(
  'the axis of Keras 2’s BatchNormalization, [3], is the last one on every engine: a %s model',
  async (kind) => {
    const model = sequential({ layers: [...base(kind === 'live' ? [3] : -1), head()] })
    const plain = await readModel(model)
    model.dispose()
    const topology: ModelSpec['topology'] = JSON.parse(
      JSON.stringify(plain.topology).replace('"axis":-1', '"axis":[3]'),
    )
    const spec = { ...plain, topology }
    expect(JSON.stringify(spec.topology)).toContain('"axis":[3]')
    const expected = await trained(eager, {
      ...spec,
      topology: JSON.parse(JSON.stringify(topology).replace('"axis":[3]', '"axis":-1')),
    })
    for (const engine of [eager, wasmEngine({ threads: 1 }), webgpuEngine({})]) {
      expect(engine.supports(jobFor(spec, { input }))).toEqual([])
      // The GPU runs the graph that the compiled CPU engine runs.
      if (engine.name === 'webgpu') continue
      // Orders of float32 sums differ between engines.
      expect(distance(await trained(engine, spec), expected), engine.name).toBeLessThan(1e-3)
    }
  },
)
