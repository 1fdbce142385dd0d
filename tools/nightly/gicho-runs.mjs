/* What the nightly scripts of runs share: starting the built command, and what must not depend on how a run was interrupted. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeCheckpoint } from '@gicho/trainer'

const bin = fileURLToPath(new URL('../../apps/node/bin/gicho.js', import.meta.url))

/** Starts `gicho` on this Node. `hook` is a module that is loaded first; descriptor 3 is a pipe, whose text comes in `marks`. */
export function start(args, { hook, env = {} } = {}) {
  const preload = hook ? ['--import', new URL(hook, import.meta.url).href] : []
  const child = spawn(process.execPath, [...preload, bin, ...args], {
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '', marks: '' }
  const listen = (stream, name) =>
    stream.setEncoding('utf8').on('data', (text) => {
      said[name] += text
    })
  listen(child.stdout, 'stdout')
  listen(child.stderr, 'stderr')
  listen(child.stdio[3], 'marks')
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, ...said })))
  return { child, said, ended }
}

const CHECKPOINT = /^epoch-\d+-step-\d+\.safetensors$/

/** Checks what must hold at any moment: the card can be read or isn't there, and every checkpoint is whole. Throws what is wrong. */
export function checkWhole(run) {
  const card = join(run, 'run.json')
  if (existsSync(card)) JSON.parse(readFileSync(card, 'utf8'))
  const folder = join(run, 'checkpoints')
  for (const name of existsSync(folder) ? readdirSync(folder) : [])
    if (CHECKPOINT.test(name) || name === 'best.safetensors') decodeCheckpoint(readFileSync(join(folder, name)), name)
}

/** Names of files that a write was under way to, in a run's folder and those in it. */
export function unfinished(run) {
  if (!existsSync(run)) return []
  return readdirSync(run, { recursive: true }).filter((name) => name.endsWith('.unfinished'))
}

/** Weights, optimizer, generator and history without times of a finished run, as one text; the model's files are named by content. */
export function resultOf(run, epochs) {
  const folder = join(run, 'checkpoints')
  const name = `epoch-${String(epochs).padStart(3, '0')}-step-00000.safetensors`
  const { weights, optimizer, random, history } = decodeCheckpoint(readFileSync(join(folder, name)), name)
  const bits = (arrays) => arrays.map(({ name, values }) => [name, Buffer.from(values.buffer).toString('base64')])
  const logs = history.map(({ seconds: _, msPerStep: __, ...rest }) => rest)
  const card = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'))
  const model = readdirSync(join(run, card.model)).sort()
  const generator = { position: random.position, key: [...random.key] }
  return JSON.stringify([bits(weights), bits(optimizer), generator, logs, card.status, card.history.length, model])
}
