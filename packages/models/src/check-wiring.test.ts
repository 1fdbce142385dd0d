import '@tensorflow/tfjs-backend-cpu'
import { unitRange } from '@gicho/core'
import * as tfl from '@tensorflow/tfjs-layers'
import { expect, test } from 'vitest'
import { fromFiles, type ModelFiles, toFiles } from './model-files.ts'

const dense = tfl.layers.dense

async function filesOf(): Promise<ModelFiles> {
  const input = tfl.input({ shape: [3] })
  const inner = tfl.sequential({ name: 'inner', layers: [dense({ units: 3, inputShape: [3], name: 'deep' })] })
  const shared = dense({ units: 3, name: 'shared' })
  const once = apply(shared, input)
  const twice = apply(shared, apply(inner, input))
  const joined = apply(tfl.layers.add({ name: 'joined' }), [once, twice])
  const model = tfl.model({ inputs: input, outputs: apply(dense({ units: 2, name: 'last' }), joined) })
  return toFiles({ model, classNames: ['a', 'b'], input: unitRange([3]) })
}

function apply(
  layer: { apply(inputs: tfl.SymbolicTensor | tfl.SymbolicTensor[]): unknown },
  inputs: tfl.SymbolicTensor | tfl.SymbolicTensor[],
): tfl.SymbolicTensor {
  const output = layer.apply(inputs)
  if (output instanceof tfl.SymbolicTensor) return output
  throw new Error('one symbolic tensor was expected')
}

/** The model with its text changed. */
async function load(change: (text: string) => string): Promise<unknown> {
  const files = new Map(await filesOf())
  const text = change(new TextDecoder().decode(files.get('model.json')))
  files.set('model.json', new TextEncoder().encode(text))
  const { model } = await fromFiles(files, 'm')
  return model.layers.length
}

test('a model with a shared layer and a model inside it passes', async () => {
  expect(await load((text) => text)).toBe(5)
})

test('layers that wait for each other, or for what never comes, are refused by name instead of hanging', async () => {
  const waits = 'which wait for each other or for what is not there. Save the model again.'
  const cycle = load((text) =>
    text.replace('[["inner",1,0,{}]', '[["joined",0,0,{}]').replace('[["inner",1,0]', '[["joined",0,0]'),
  )
  await expect(cycle).rejects.toMatchObject({
    code: 'bad-data',
    message: `m/model.json: expected layers that get their inputs one after the other, got shared, joined, last, ${waits}`,
  })
  await expect(load((text) => text.replace('[["joined",0,0', '[["last",0,0'))).rejects.toThrow(`got last, ${waits}`)
  await expect(load((text) => text.replace('[["joined",0,0', '[["joined",7,0'))).rejects.toThrow(`got last, ${waits}`)
  await expect(load((text) => text.replace('[["joined",0,0', '[["nobody",0,0'))).rejects.toThrow(`got last, ${waits}`)
  const camel = (text: string): string => text.replaceAll('inbound_nodes', 'inboundNodes')
  await expect(load((text) => camel(text).replace('[["joined",0,0', '[["last",0,0'))).rejects.toThrow(
    `got last, ${waits}`,
  )
})

test('a hundred thousand brackets, and layers without end, are refused before tfjs sees them', async () => {
  const brackets = '['.repeat(100_000) + ']'.repeat(100_000)
  await expect(load((text) => text.replace('{', `{"x":${brackets},`))).rejects.toThrow(
    'm/model.json: expected at most 100 levels inside each other, got more.',
  )
  await expect(load((text) => text.replace('"shared"', brackets))).rejects.toThrow('expected at most 100 levels')
  const layers = Array(10_001).fill('{"class_name":"Dense","config":{}}').join()
  await expect(load((text) => text.replace('"layers":[', `"layers":[${layers},`))).rejects.toThrow(
    'expected a model of at most 10000 layers, got more.',
  )
})

test('a layer without its name, which tfjs waits for, is refused', async () => {
  const unnamed = load((text) => text.replace('"name":"last","class_name"', '"nam]":"last","class_name"'))
  await expect(unnamed).rejects.toThrow(
    'm/model.json: expected layers with one name each, got "last". Save the model again.',
  )
  const other = load((text) => text.replace('"name":"last","class_name"', '"name":"first","class_name"'))
  await expect(other).rejects.toThrow('expected layers with one name each, got "first" and "last".')
})

test('a layer that is larger than the weights that come with it takes no memory', async () => {
  const before = process.memoryUsage.rss()
  await expect(load((text) => text.replace('"units":2', '"units":200000000'))).rejects.toThrow(
    'm: expected no size of a layer above 3, the largest of its weights, got units 200000000. ' +
      'The file is damaged: save the model again.',
  )
  await expect(load((text) => text.replace('[null,3]', '[null,300000000]'))).rejects.toThrow('at most 67108864 values')
  expect(process.memoryUsage.rss() - before).toBeLessThan(100e6)
})
