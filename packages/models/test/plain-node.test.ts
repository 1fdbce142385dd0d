import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

// tfjs is CommonJS in Node and ESM elsewhere: two copies would have two engines, and no backend in one of them (tfjs #5192).
const program = `
import { createRequire } from 'node:module'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { mnistMlp, saveModel, summarize } from '@gicho/models'
const before = tf.memory().numTensors
const model = mnistMlp({ seed: 1 })
const copies = Object.keys(createRequire(import.meta.url).cache).filter((path) => /tfjs-(core|layers)/.test(path))
console.log(JSON.stringify({
  tensors: tf.memory().numTensors - before,
  parameters: summarize(model).totalParameters,
  node: typeof saveModel,
  copies: copies.map((path) => path.split('/').at(-1)).sort(),
}))
`

test('the built package shares the one tfjs of the program that uses it, under plain node', async () => {
  expect(existsSync(`${root}/dist/index.node.js`), 'dist is missing: run npm run build').toBe(true)
  const args = ['--input-type=module', '--eval', program]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root })
  expect(JSON.parse(stdout)).toEqual({
    tensors: 6,
    parameters: 669706,
    node: 'function',
    copies: ['tf-core.node.js', 'tf-layers.node.js'],
  })
})
