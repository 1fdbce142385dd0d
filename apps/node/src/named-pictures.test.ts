import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { namedPictures } from './named-pictures.ts'

let room = ''
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'gicho-pictures-'))
})
afterEach(() => rm(room, { recursive: true }))

async function files(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(room, name)), { recursive: true })
    await writeFile(join(room, name), '')
  }
}

/** What names mean, without the room's path. */
async function named(...names: string[]): Promise<string[]> {
  const found: string[] = []
  for await (const { image, error } of namedPictures(names.map((name) => join(room, name)))) {
    found.push(error ? error.message.replaceAll(`${room}/`, '') : image.replace(`${room}/`, ''))
  }
  return found
}

test('a file is itself, whether it is there or not, and in the order in which it is named', async () => {
  await files('b.png', 'a.txt')
  expect(await named('b.png', 'none.png', 'a.txt', 'b.png')).toEqual(['b.png', 'none.png', 'a.txt', 'b.png'])
})

test('a folder is all its pictures, sorted, whatever the case of their endings; not its folders, hidden and other files', async () => {
  await files('x/b.JPG', 'x/a.png', 'x/c.heic', 'x/notes.txt', 'x/.hidden.png', 'x/inner.png/d.png', 'x/Thumbs.db')
  const pictures = ['x/a.png', 'x/b.JPG', 'x/c.heic']
  expect(await named('x')).toEqual(pictures)
  expect(await named('x/')).toEqual(pictures)
})

test('a folder whose name looks like a pattern is that folder', async () => {
  await files('[2024] *summer*/a.png', '2/b.png')
  expect(await named('[2024] *summer*')).toEqual(['[2024] *summer*/a.png'])
})

test('a pattern is all files that it fits, sorted, and a file whose name looks like one is that file', async () => {
  await files('b1.png', 'a1.png', 'A2.png', 'a1.webp', 'a[1].jpg', 'deep/er/a2.png', 'notes.txt')
  expect(await named('*.png')).toEqual(['A2.png', 'a1.png', 'b1.png'])
  expect(await named('a[1].jpg')).toEqual(['a[1].jpg'])
  expect(await named('a?.{png,webp}')).toEqual(['a1.png', 'a1.webp'])
  expect(await named('**/a*.png')).toEqual(['a1.png', 'deep/er/a2.png'])
})

test('a link that leads in a circle is not followed', async () => {
  await files('x/a.png')
  await symlink(join(room, 'x'), join(room, 'x', 'again'))
  expect(await named('**/*.png')).toEqual(['x/a.png'])
})

test('a relative pattern and folder stay relative', async () => {
  const found: string[] = []
  for await (const { image } of namedPictures(['apps/node/bin/*.js', 'apps/web/screenshots'])) found.push(image)
  expect(found[0]).toBe('apps/node/bin/gicho.js')
  expect(found[1]).toMatch(/^apps\/web\/screenshots\/[^/]+\.jpg$/)
})

test('what gives no picture says so, and the next names are read all the same', async () => {
  await mkdir(join(room, 'empty'))
  await files('a.png')
  expect(await named('empty', 'no*.png', 'a.png')).toEqual([
    'empty: expected pictures in this folder, found none. PNG, JPEG and WebP can be read.',
    'no*.png: expected files that fit this pattern, found none. PNG, JPEG and WebP can be read.',
    'a.png',
  ])
})

test('- is standard input, even beside a folder of that name', async () => {
  const found: string[] = []
  for await (const { image } of namedPictures(['-'])) found.push(image)
  expect(found).toEqual(['-'])
})
