import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { encode, type ImageData } from 'fast-png'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadImageFolder } from './image-folder.node.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gicho-images-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function put(name: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true })
  await writeFile(join(root, name), content)
}

function png(data: readonly number[], channels: number, size: Partial<ImageData> = {}): Uint8Array {
  return encode({ width: 2, height: 1, channels, data: Uint8Array.from(data), ...size })
}

test('a folder for each class becomes a dataset, in the order of the names', async () => {
  await put('b/1.png', png([5, 6], 1))
  await put('a/2.png', png([3, 4], 1))
  await put('a/10.PNG', png([1, 2], 1))
  await put('a/.hidden', 'x')
  await put('a/notes.txt', 'x')
  await put('readme.md', 'x')
  const warnings: string[] = []
  const data = await loadImageFolder(root, { split: 'test', onWarning: (message) => warnings.push(message) })
  expect(data).toEqual({
    images: Uint8Array.of(1, 2, 3, 4, 5, 6),
    labels: Uint8Array.of(0, 0, 1),
    length: 3,
    shape: [1, 2, 1],
    classNames: ['a', 'b'],
    split: 'test',
    source: `folder ${root}`,
  })
  expect(warnings).toEqual([
    `${join(root, 'a', 'notes.txt')}: expected a PNG image, got another kind of file. It is left out.`,
  ])
})

test('the caller may name the classes and their order', async () => {
  await put('no/1.png', png([1, 2], 1))
  await put('yes/1.png', png([3, 4], 1))
  const data = await loadImageFolder(root, { classNames: ['yes', 'no'] })
  expect([data.classNames, data.split, [...data.images]]).toEqual([['yes', 'no'], 'train', [3, 4, 1, 2]])
  await expect(loadImageFolder(root, { classNames: ['maybe'] })).rejects.toThrow(
    `${join(root, 'maybe')}: expected a folder, got none that can be read: there is nothing of that name. Check its spelling and permissions.`,
  )
})

test('greys, colours, palettes and transparency come out in the channels of the first image, or as wished', async () => {
  await put('a/1.png', png([255, 0, 0, 10, 20, 30], 3))
  await put('a/2.png', png([255, 0, 0, 9, 10, 20, 30, 0], 4))
  await put('a/3.png', png([7, 9], 1))
  await put('a/4.png', png([7, 1, 9, 2], 2))
  await put(
    'a/5.png',
    png([0b0100_0000], 1, {
      depth: 1,
      palette: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    }),
  )
  const color = await loadImageFolder(root)
  expect(color.shape).toEqual([1, 2, 3])
  expect([...color.images]).toEqual(
    [
      [255, 0, 0, 10, 20, 30],
      [255, 0, 0, 10, 20, 30],
      [7, 7, 7, 9, 9, 9],
      [7, 7, 7, 9, 9, 9],
      [1, 2, 3, 4, 5, 6],
    ].flat(),
  )
  // Luma as Pillow's convert('L') rounds it: (255 * 19595 + 32768) >> 16 = 76.
  const grey = await loadImageFolder(root, { channels: 1 })
  expect([...grey.images]).toEqual([76, 18, 76, 18, 7, 9, 7, 9, 2, 5])
})

test('more than 256 classes have 16-bit labels', async () => {
  await put('a/1.png', png([1, 2], 1))
  const data = await loadImageFolder(root, { classNames: Array.from({ length: 257 }, () => 'a') })
  expect([data.labels instanceof Uint16Array, data.labels.at(-1)]).toEqual([true, 256])
})

test('folders without classes or images are refused', async () => {
  await expect(loadImageFolder(root)).rejects.toMatchObject({
    code: 'not-found',
    message: `${root}: expected a folder for each class, got none. Put the images of a class into a folder of its name.`,
  })
  await mkdir(join(root, 'a'))
  await expect(loadImageFolder(root)).rejects.toMatchObject({
    code: 'not-found',
    message: `${join(root, 'a')}: expected PNG images, got none. Put the images of this class there, or remove the folder.`,
  })
})

test('images of another size, format or depth are refused by name', async () => {
  await put('a/1.png', png([1, 2], 1))
  const path = join(root, 'b', '1.png')
  await put('b/1.png', png([1], 1, { width: 1 }))
  await expect(loadImageFolder(root)).rejects.toMatchObject({
    code: 'bad-shape',
    message: `${path}: expected an image of 1x2 like ${join(root, 'a', '1.png')}, got 1x1. Bring all images to one size.`,
  })
  await put('b/1.png', encode({ width: 2, height: 1, channels: 1, depth: 16, data: Uint16Array.of(1, 2) }))
  await expect(loadImageFolder(root)).rejects.toMatchObject({
    code: 'unsupported',
    message: `${path}: expected a PNG of at most 8 bits a value, got 16. Save it with 8 bits a channel.`,
  })
  await put('b/2.jpg', 'x')
  await expect(loadImageFolder(root)).rejects.toMatchObject({
    code: 'unsupported',
    message: `${join(root, 'b', '2.jpg')}: expected a PNG image, got .jpg. Save it as PNG.`,
  })
})

test('text called .png, empty, damaged and huge images are refused', async () => {
  const refusal = async (content: Uint8Array | string): Promise<unknown> => {
    await put('a/1.png', content)
    return loadImageFolder(root).catch((error: unknown) => error)
  }
  const path = join(root, 'a', '1.png')
  const save = 'Save the image as PNG: its name alone makes it none.'
  expect(await refusal('a text that somebody renamed')).toMatchObject({
    code: 'bad-data',
    message: `${path}: expected a PNG image, got a file that begins with 61 20 74 65. ${save}`,
  })
  expect(await refusal('')).toMatchObject({ message: `${path}: expected a PNG image, got an empty file. ${save}` })
  const whole = png([1, 2], 1)
  expect(await refusal(whole.subarray(0, -20))).toMatchObject({
    code: 'bad-data',
    message: expect.stringContaining(
      `${path}: expected a whole PNG image, got a damaged one: it is cut off. Save it anew.`,
    ),
  })
  expect(await refusal(whole.with(18, 0x4e).with(19, 0x20))).toMatchObject({
    code: 'bad-data',
    message: `${path}: expected an image of 1x1 to 4096x4096, got 1x20000. Scale it down.`,
  })
})

test('a signal stops the load', async () => {
  await put('a/1.png', png([1, 2], 1))
  await expect(loadImageFolder(root, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' })
})
