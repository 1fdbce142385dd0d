import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unitRange } from '@gicho/core'
import { aslCnn, saveModel } from '@gicho/models'
import { afterAll, beforeAll, expect, test } from 'vitest'
import '@tensorflow/tfjs-backend-cpu'
import { gicho } from './gicho.ts'
import { runCardExample } from './run-card-example.ts'

const LETTERS = [...'abcdefghiklmnopqrstuvwxy']
const samples = fileURLToPath(new URL('../../../packages/preprocess/fixtures/images/', import.meta.url))
const [png, jpeg, webp] = ['rgb.png', '420.jpg', 'lossless.webp'].map((name) => join(samples, name))
const files = [png ?? '', jpeg ?? '', webp ?? '']

let folder = ''
let model = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-predict-'))
  model = join(folder, 'asl_model')
  const network = aslCnn({ seed: 5 })
  await saveModel(model, { model: network, classNames: LETTERS, input: unitRange([28, 28, 1]) })
  network.dispose()
})
afterAll(() => rm(folder, { recursive: true }))

function events(
  stdout: string,
): { event: string; image: string; label: string; probability: number; top: unknown[] }[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test('each image gets its letter, the runners-up, and a picture of what the network saw', async () => {
  const { code, stdout, stderr } = await gicho(['predict', model, ...files, '--lang', 'en'])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const blocks = stdout.trimEnd().split(/\n\n/)
  expect(blocks).toHaveLength(3)
  for (const [i, block] of blocks.entries()) {
    const [title, first, second, third, sentence, ...picture] = block.split('\n')
    const letter = title?.slice(-1) ?? ''
    expect(LETTERS).toContain(letter)
    expect(title).toBe(`${files[i]}: ${letter}`)
    expect(first).toMatch(new RegExp(`^ +${letter} +\\d+\\.\\d%$`))
    for (const line of [second, third]) expect(line).toMatch(/^ +[a-y] +\d+\.\d%$/)
    expect(sentence).toBe('What the network saw, 28x28:')
    expect(picture).toHaveLength(28)
  }
})

test('--json gives one line an image, in their order, on either engine', async () => {
  const compiled = await gicho(['predict', model, ...files, '--json', '--top', '5'])
  expect(compiled.code).toBe(0)
  const lines = events(compiled.stdout)
  expect(lines.map(({ event, image }) => [event, image])).toEqual(files.map((file) => ['prediction', file]))
  for (const { label, probability, top } of lines) {
    expect(top).toHaveLength(5)
    expect(top[0]).toEqual({ label, probability })
  }
  const eager = events((await gicho(['predict', model, ...files, '--json', '--engine', 'tfjs'])).stdout)
  expect(eager.map(({ label }) => label)).toEqual(lines.map(({ label }) => label))
  // Sums of float32 in two orders.
  for (const [i, { probability }] of eager.entries()) expect(probability).toBeCloseTo(lines[i]?.probability ?? 0, 5)
})

test('a run answers with the model that its record names, which lies in its folder', async () => {
  const run = join(folder, 'run')
  await cp(model, join(run, 'my_model'), { recursive: true })
  const named = (name: string): Promise<void> =>
    writeFile(join(run, 'run.json'), JSON.stringify({ ...runCardExample, model: name }))
  await named('my_model')
  const { code, stdout } = await gicho(['predict', run, files[0] ?? '', '--json'])
  expect(code).toBe(0)
  expect(events(stdout)[0]).toEqual(events((await gicho(['predict', model, files[0] ?? '', '--json'])).stdout)[0])
  await named('../asl_model')
  const outside = await gicho(['predict', run, files[0] ?? ''])
  expect(outside.code).toBe(1)
  expect(outside.stderr).toContain('"model": expected a plain name (letters, digits, - and _), got "../asl_model".')
})

test('images that cannot be read are named, the others answered, and the command ends with 1', async () => {
  const note = join(folder, 'note.png')
  await writeFile(note, 'no picture at all')
  const missing = join(folder, 'missing.jpg')
  const images = [note, files[0] ?? '', missing, join(samples, 'picture.gif'), files[1] ?? '']
  const { code, stdout, stderr } = await gicho(['predict', model, ...images, '--json', '--lang', 'en'])
  expect(code).toBe(1)
  const lines = events(stdout)
  expect(lines.map(({ image }) => image)).toEqual(images)
  expect(lines.map(({ event }) => event)).toEqual(['error', 'prediction', 'error', 'error', 'prediction'])
  expect(lines[0]).toMatchObject({ code: 'bad-data' })
  expect(stderr).toContain(`gicho: ${note}: expected a PNG, JPEG or WebP image, got a text file.`)
  expect(stderr).toContain(`gicho: ${missing}: expected an image file, but ENOENT`)
  expect(stderr).toContain('got a GIF image.')
  expect(stderr).toContain('No answer for 3 of 5 images.')
})

test('it speaks Korean', async () => {
  const { stdout } = await gicho(['predict', model, files[0] ?? '', '--lang', 'ko'])
  expect(stdout).toContain('신경망이 본 그림, 28x28:')
})

test('a model that plain tfjs has saved says that it lacks class names', async () => {
  const { fileSystem } = await import('@gicho/models')
  const plain = join(folder, 'plain')
  await aslCnn({ seed: 1 }).save(fileSystem(plain))
  const { code, stderr } = await gicho(['predict', plain, files[0] ?? ''])
  expect(code).toBe(1)
  expect(stderr).toContain("expected gicho's metadata (class names, input treatment), got none")
})
