import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unitRange } from '@gicho/core'
import { aslCnn, saveModel } from '@gicho/models'
import { afterAll, beforeAll, expect, test } from 'vitest'
import '@tensorflow/tfjs-backend-cpu'
import { gicho, type Outcome, start } from './gicho.ts'
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
  expect(stderr).toContain(
    `gicho: ${missing}: expected an image file, but it can't be read: there is nothing of that name`,
  )
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

/** Copies of sample pictures in a folder of their own. */
async function album(name: string, pictures: Readonly<Record<string, string>>): Promise<string> {
  const place = join(folder, name)
  await mkdir(place, { recursive: true })
  for (const [as, sample] of Object.entries(pictures)) await cp(join(samples, sample), join(place, as))
  return place
}

const answered = (stdout: string): string[] => events(stdout).map(({ event, image }) => `${event} ${image}`)

test('a folder means all its pictures, sorted, whatever the case of their endings; other files are passed over', async () => {
  const place = await album('album', {
    'b.JPG': '420.jpg',
    'a.png': 'rgb.png',
    'c.webp': 'lossy.webp',
    'd.gif': 'picture.gif',
  })
  await writeFile(join(place, 'notes.txt'), 'no picture')
  await mkdir(join(place, 'inner.png'))
  const { code, stdout, stderr } = await gicho(['predict', model, place, '--json', '--lang', 'en'])
  const names = ['prediction a.png', 'prediction b.JPG', 'prediction c.webp', 'error d.gif']
  expect(answered(stdout)).toEqual(names.map((name) => name.replace(' ', ` ${place}/`)))
  expect(stderr).toContain('d.gif: expected a PNG, JPEG or WebP image, got a GIF image.')
  expect(stderr).toContain('No answer for 1 of 4 images.')
  expect(code).toBe(1)
})

test.skipIf(process.platform === 'win32')(
  'a line break in the name of a picture is no line of the answer',
  async () => {
    const photos = join(folder, 'broken names')
    await mkdir(photos)
    await cp(png ?? '', join(photos, 'a.png: z\nb.png'))
    await writeFile(join(photos, 'c.png\ngicho: all is well.png'), 'no picture')
    const { stdout, stderr } = await gicho(['predict', model, photos, '--lang', 'en'])
    expect(stdout).toContain(join(photos, 'a.png: z b.png: '))
    expect(stderr).toContain(join(photos, 'c.png gicho: all is well.png: expected a PNG'))
  },
)

test('a pattern that fits nothing, and a folder without pictures, keep no other from an answer', async () => {
  const empty = await album('empty', {})
  const none = join(folder, 'nothing*.jpg')
  const { code, stdout, stderr } = await gicho([
    'predict',
    model,
    none,
    empty,
    files[0] ?? '',
    '--json',
    '--lang',
    'en',
  ])
  expect(code).toBe(1)
  expect(answered(stdout)).toEqual([`error ${none}`, `error ${empty}`, `prediction ${files[0]}`])
  expect(stderr).toContain(`gicho: ${none}: expected files that fit this pattern, found none.`)
  expect(stderr).toContain(`gicho: ${empty}: expected pictures in this folder, found none.`)
})

test('- means the picture on standard input, and an answer is printed before the next picture is read', async () => {
  const running = start(['predict', model, files[0] ?? '', '-', '--json'], {}, 'pipe')
  await running.until('\n') // while standard input is still open
  expect(running.child.exitCode).toBeNull()
  running.child.stdin?.end(await readFile(files[1] ?? ''))
  expect(answered((await running.ended).stdout)).toEqual([`prediction ${files[0]}`, 'prediction -'])
})

test('a photo that lies on its side is turned by its EXIF orientation, with a note; --as-stored leaves it', async () => {
  const photo = join(samples, 'exif-6.jpg')
  const turned = await gicho(['predict', model, photo, '--lang', 'en'])
  expect(turned.stdout.split('\n')[0]).toMatch(/exif-6\.jpg: [a-y] {2}\(turned by its EXIF orientation \(6\)\)$/)
  const stored = await gicho(['predict', model, photo, '--lang', 'en', '--as-stored'])
  expect(stored.stdout.split('\n')[0]).toMatch(/\(left as it is stored, although its EXIF orientation is 6\)$/)
  const pictureOf = ({ stdout }: Outcome): string => stdout.slice(stdout.indexOf('What the network saw'))
  expect(pictureOf(turned)).not.toBe(pictureOf(stored))
  const images = [photo, join(samples, 'exif-1.jpg')]
  const lines = events((await gicho(['predict', model, ...images, '--json'])).stdout)
  expect(lines.map((line) => 'turned' in line && line.turned)).toEqual([true, false])
})

test("a recipe's name means its newest finished run", async () => {
  const out = join(folder, 'runs')
  for (const number of [1, 2]) {
    const run = join(out, 'mnist', String(number))
    await cp(model, join(run, 'model'), { recursive: true })
    await writeFile(
      join(run, 'run.json'),
      JSON.stringify({ ...runCardExample, status: number === 1 ? 'done' : 'interrupted', model: 'model' }),
    )
  }
  const named = await gicho(['predict', 'mnist', files[0] ?? '', '--out', out, '--lang', 'en'])
  expect(named.stderr).toBe(`Model: ${join(out, 'mnist', '1', 'model')}\n`)
  expect(named.stdout).toBe((await gicho(['predict', model, files[0] ?? '', '--lang', 'en'])).stdout)
})
