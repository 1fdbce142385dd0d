import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeCheckpoint } from '@gicho/trainer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gicho, start } from './gicho.ts'

// 3 epochs of 500 steps: two seconds or more of training, with a checkpoint every 30 ms.
const lesson = ['train', 'mnist', '--limit', '16000', '--epochs', '3', '--threads', '1', '--json', '--seed', '4']
const often = ['--checkpoint-seconds', '0.03']
let folder = ''
let whole = ''
// The same with 20 steps an epoch, for what needs no interruption.
const small = lesson.map((word) => (word === '16000' ? '640' : word))
let tiny = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-resume-'))
  const out = join(folder, 'whole')
  const { code } = await gicho([...lesson, '--out', out])
  expect(code).toBe(0)
  whole = join(out, 'mnist', '1')
  expect((await gicho([...small, '--out', join(folder, 'tiny')])).code).toBe(0)
  tiny = join(folder, 'tiny', 'mnist', '1')
})
afterAll(() => rm(folder, { recursive: true }))

/** Everything of a run that must not depend on how often it was interrupted. */
async function resultOf(run: string): Promise<unknown> {
  const checkpoints = join(run, 'checkpoints')
  const last = decodeCheckpoint(await readFile(join(checkpoints, 'epoch-003-step-00000.safetensors')))
  const history = last.history.map(({ seconds: _, msPerStep: __, ...logs }) => logs)
  const model = (await readdir(join(run, 'model'))).sort() // weight files are named after their content
  return { weights: last.weights, optimizer: last.optimizer, random: last.random, history, model }
}

test('a run that is killed at ten random moments and resumed ends as one that never stopped, bit for bit', async () => {
  const out = join(folder, 'killed')
  const run = join(out, 'mnist', '1')
  let kills = 0
  let args = [...lesson, ...often, '--out', out]
  while (kills < 10) {
    const running = start(args)
    await running.until('"event":"start"')
    await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 100))
    if (running.child.exitCode !== null) break // it came to its end before
    running.child.kill('SIGKILL')
    await running.ended
    kills++
    args = ['resume', run, '--json', ...often]
  }
  expect(kills).toBe(10)
  const last = await gicho(['resume', run, '--json'])
  expect(last.stderr).not.toContain('gicho:')
  expect(last.code).toBe(0)
  expect(await resultOf(run)).toEqual(await resultOf(whole))
  const card = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'))
  expect(card).toMatchObject({ status: 'done', epochs: 3 })
  expect(card.history).toHaveLength(3)
}, 120_000)

test('Ctrl-C keeps a checkpoint of the very step, and says how to go on', async () => {
  const out = join(folder, 'stopped')
  const run = join(out, 'mnist', '1')
  const running = start([...lesson, '--out', out])
  await running.until('"event":"start"')
  running.child.kill('SIGINT')
  const { code, stderr } = await running.ended
  expect(code).toBe(130)
  expect(stderr).toContain(`gicho.js resume ${run}`)
  const resumed = await gicho(['resume', run])
  expect(resumed.code).toBe(0)
  expect(resumed.stdout).toContain(`Going on with ${run} after 0 epochs`)
  expect(resumed.stdout).not.toContain('Four arrays')
  expect(await resultOf(run)).toEqual(await resultOf(whole))
})

test('a run that ended before its first checkpoint begins anew, to the same bits', async () => {
  const out = join(folder, 'early')
  const run = join(out, 'mnist', '1')
  await mkdir(run, { recursive: true })
  const card = JSON.parse(await readFile(join(tiny, 'run.json'), 'utf8'))
  // As on a disk that had no room for the first checkpoint, but for the card and the model of one epoch.
  const begun = { ...card, status: 'failed', history: card.history.slice(0, 1) }
  await writeFile(join(run, 'run.json'), JSON.stringify(begun))
  const { code, stdout } = await gicho(['resume', 'mnist', '--out', out])
  expect(code).toBe(0)
  expect(stdout.replaceAll('\n', ' ')).toContain('ended before its first checkpoint, so it begins anew')
  expect(stdout).toContain('Four arrays')
  expect(await resultOf(run)).toEqual(await resultOf(tiny))
})

test('a run whose first checkpoint found a full disk, with a model saved, begins anew, to the same bits', async () => {
  const out = join(folder, 'full')
  const run = join(out, 'mnist', '1')
  await cp(tiny, run, { recursive: true })
  await rm(join(run, 'checkpoints'), { recursive: true })
  const card = JSON.parse(await readFile(join(tiny, 'run.json'), 'utf8'))
  await writeFile(
    join(run, 'run.json'),
    JSON.stringify({ ...card, status: 'failed', history: card.history.slice(0, 1) }),
  )
  const { code, stdout } = await gicho(['resume', 'mnist', '--out', out])
  expect(stdout.replaceAll('\n', ' ')).toContain('ended before its first checkpoint, so it begins anew')
  expect(code).toBe(0)
  expect(await resultOf(run)).toEqual(await resultOf(tiny))
})

test('a finished run goes on for more epochs, to the bits of one that had them from the start', async () => {
  const out = join(folder, 'longer')
  const run = join(out, 'mnist', '1')
  const short = small.map((word, i) => (small[i - 1] === '--epochs' ? '2' : word))
  expect((await gicho([...short, '--out', out])).code).toBe(0)
  expect((await gicho(['resume', run, '--json', '--epochs', '3'])).code).toBe(0)
  expect(await resultOf(run)).toEqual(await resultOf(tiny))
  const card = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'))
  expect(card).toMatchObject({ status: 'done', epochs: 3 })
  const again = await gicho(['resume', run, '--epochs', '3'])
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('--epochs: expected more than the 3 epochs') })
})

test('a damaged newest checkpoint is told of, and the run goes on from the one before', async () => {
  const run = join(folder, 'damaged')
  await cp(tiny, run, { recursive: true })
  const card = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'))
  await writeFile(join(run, 'run.json'), JSON.stringify({ ...card, status: 'interrupted' }))
  const newest = join(run, 'checkpoints', 'epoch-003-step-00000.safetensors')
  const bytes = await readFile(newest)
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
  await writeFile(newest, bytes)
  const { code, stderr } = await gicho(['resume', run, '--json'])
  expect(code).toBe(0)
  expect(stderr).toContain(`${newest}: expected a checkpoint of gicho, but its bytes have the checksum`)
  expect(stderr).toContain(`Going on with ${run} after 2 epochs.`)
  expect(await resultOf(run)).toEqual(await resultOf(tiny))
})

test('data that a run.json names is read only when the command line names it, too', async () => {
  const run = join(folder, 'foreign')
  await cp(tiny, run, { recursive: true })
  const card = JSON.parse(await readFile(join(run, 'run.json'), 'utf8'))
  const begun = { ...card, status: 'interrupted', options: { ...card.options, trust: true, data: '\\\\evil\\share' } }
  await writeFile(join(run, 'run.json'), JSON.stringify(begun))
  const { code, stderr } = await gicho(['resume', run])
  expect(code).toBe(1)
  expect(stderr).toContain('its data came from \\\\evil\\share, and a run.json may be anybody')
  expect(stderr).toContain('If that is where your data is, say so: node ')
  expect(stderr).toContain(`gicho.js resume ${run} --data PATH`)
  const named = await gicho(['resume', run, '--data', join(folder, 'nowhere')])
  expect(named.stderr).toContain('nowhere')
  const smaller = { ...card, status: 'interrupted', dataset: { ...card.dataset, train: 100 } }
  await writeFile(join(run, 'run.json'), JSON.stringify(smaller))
  expect((await gicho(['resume', run])).stderr).toContain('expected the 100 training and 640 validation images')
})

test('a run that is done, keeps a model without a checkpoint, or isn’t there is refused with what to do', async () => {
  const said = async (path: string): Promise<string> => (await gicho(['resume', path])).stderr
  expect(await said(whole)).toContain('this run is done: 3 of 3 epochs. Train it for more: node ')
  expect(await said(whole)).toContain(`gicho.js resume ${whole} --epochs 6.`)
  expect(await said(join(folder, 'nowhere'))).toContain("expected a run's folder (with run.json) or a recipe")
  const card = JSON.parse(await readFile(join(whole, 'run.json'), 'utf8'))
  await writeFile(join(folder, 'run.json'), JSON.stringify({ ...card, status: 'interrupted' }))
  expect(await said(folder)).toContain('expected a checkpoint in its folder "checkpoints", found none')
  const elsewhere = { ...card, status: 'interrupted', dataset: { ...card.dataset, name: 'letters' } }
  await cp(join(whole, 'checkpoints'), join(folder, 'checkpoints'), { recursive: true })
  await writeFile(join(folder, 'run.json'), JSON.stringify(elsewhere))
  expect(await said(folder)).toContain(
    `${folder}: expected a run with dataset mnist, sign-language, got "letters". Go on with it where it was made.`,
  )
  const newer = { ...card, status: 'interrupted', optimizer: { ...card.optimizer, amsgrad: true } }
  await writeFile(join(folder, 'run.json'), JSON.stringify(newer))
  expect(await said(folder)).toContain(
    `${folder}: this run was made with optimizer.amsgrad, which this version of gicho doesn't know: it would go on differently. Update gicho, or go on where the run was made.`,
  )
})
