// Sets up TensorFlow from nothing and proves it: times, the engine's contract and Keras' golden values, an epoch of
// lesson 3 on each Node that is named, tfjs' own `model.fit` by import and by require in an empty project, removal.
//   node tools/nightly/tensorflow.mjs [--python PATH] [--node PATH …]
// Writes tools/nightly/results/tensorflow.md; needs a network (the wheel), Python and a C++ compiler.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { values } = parseArgs({
  options: { python: { type: 'string' }, node: { type: 'string', multiple: true, default: [process.execPath] } },
})
const work = mkdtempSync(join(tmpdir(), 'gicho-tensorflow-'))
const home = join(work, 'setup')
const lines = []

/** Runs a command to its end; its last line and its seconds become a line of the report. */
function run(title, command, args, options = {}) {
  const began = performance.now()
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
    env: { ...process.env, GICHO_TENSORFLOW_DIR: home, ...options.env },
  })
  const seconds = (performance.now() - began) / 1000
  if (status !== 0) throw new Error(`${title} ended with ${status}: ${error?.message ?? ''}\n${stdout}\n${stderr}`)
  const last = stdout.trim().split('\n').at(-1) ?? ''
  lines.push(`| ${title} | ${seconds.toFixed(1)} | ${last.replaceAll(work, '…').replaceAll('|', '/')} |`)
  console.log(lines.at(-1))
  return stdout
}

const cli = join(root, 'packages/tensorflow/bin/gicho-tensorflow.js')
const FIT = `
  const data = tf.randomUniform([256, 8, 8, 1])
  const labels = tf.oneHot(tf.tensor1d(Array.from({ length: 256 }, (_, i) => i % 3), 'int32'), 3)
  const model = layers.sequential({ layers: [
    layers.layers.conv2d({ inputShape: [8, 8, 1], filters: 8, kernelSize: 3, activation: 'relu' }),
    layers.layers.batchNormalization(), layers.layers.maxPooling2d({ poolSize: 2 }),
    layers.layers.flatten(), layers.layers.dense({ units: 3, activation: 'softmax' })] })
  model.compile({ loss: 'categoricalCrossentropy', optimizer: 'adam' })
  model.fit(data, labels, { epochs: 3, verbose: 0 }).then(({ history }) =>
    console.log(tf.getBackend(), JSON.stringify(device()), 'losses', history.loss.map((l) => l.toFixed(3)).join(' ')))
`

function tryEmptyProject() {
  const project = join(work, 'project')
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{"private":true}')
  const npm = ['npm', 'install', '--no-audit', '--no-fund']
  for (const name of ['core', 'tensorflow'])
    run(`npm pack ${name}`, 'npm', ['pack', '--pack-destination', work, `--workspace=@gicho/${name}`])
  const tarballs = readdirSync(work)
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(work, name))
  run(
    'empty project: install',
    npm[0],
    [...npm.slice(1), ...tarballs, '@tensorflow/tfjs-core@4.22.0', '@tensorflow/tfjs-layers@4.22.0'],
    { cwd: project },
  )
  writeFileSync(
    join(project, 'import.mjs'),
    `import { device } from '@gicho/tensorflow'\nimport * as tf from '@tensorflow/tfjs-core'\nimport * as layers from '@tensorflow/tfjs-layers'\n${FIT}`,
  )
  writeFileSync(
    join(project, 'require.cjs'),
    `const { device } = require('@gicho/tensorflow')\nconst tf = require('@tensorflow/tfjs-core')\nconst layers = require('@tensorflow/tfjs-layers')\n${FIT}`,
  )
  for (const node of values.node) {
    for (const file of ['import.mjs', 'require.cjs']) run(`${versionOf(node)}, ${file}`, node, [file], { cwd: project })
  }
}

function versionOf(node) {
  return `Node ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()}`
}

try {
  const python = values.python ? ['--python', values.python] : []
  run(`setup ${values.python ? 'on an existing Python' : 'from nothing'}`, process.execPath, [cli, 'setup', ...python])
  run('setup, again', process.execPath, [cli, 'setup', ...python])
  run('status', process.execPath, [cli, 'status'])
  run(
    'contract, golden values, parity, fifty trainings',
    'npx',
    ['vitest', 'run', '--reporter=dot', 'packages/engine/test/tensorflow.test.ts'],
    { env: { GICHO_NIGHTLY: '1' } },
  )
  for (const node of values.node) {
    const args = [
      'train',
      'asl-cnn',
      '--engine',
      'tfjs',
      '--backend',
      'tensorflow',
      '--dataset',
      'mnist',
      '--epochs',
      '1',
    ]
    run(`${versionOf(node)}, an epoch of lesson 3`, node, [
      join(root, 'apps/node/bin/gicho.js'),
      ...args,
      '--json',
      '--out',
      join(work, 'runs'),
    ])
  }
  tryEmptyProject()
  run('remove', process.execPath, [cli, 'remove'])
  const about = `# TensorFlow for tfjs, set up and proven\n\n${new Date().toISOString().slice(0, 10)}, ${process.platform} ${process.arch}. No GPU was there: not run on one.\n`
  const table = `| what | seconds | last line |\n| --- | --: | --- |\n${lines.join('\n')}\n`
  mkdirSync(join(root, 'tools/nightly/results'), { recursive: true })
  writeFileSync(join(root, 'tools/nightly/results/tensorflow.md'), `${about}\n${table}`)
} finally {
  rmSync(work, { recursive: true, force: true })
}
