import { GichoError, type ImageDataset, type Split } from '@gicho/core'
import type { ReadSignLanguagePartsOptions } from '@gicho/datasets'
import { expect, test, vi } from 'vitest'
import { DataShelf } from './data-shelf.ts'
import { type FileTree, memoryTree } from './keeping/file-tree.ts'
import type { News } from './news.ts'

const photos = (split: Split): ImageDataset => ({
  images: new Uint8Array(784),
  labels: Uint8Array.of(0),
  length: 1,
  shape: [28, 28, 1],
  classNames: [...'abcdefghiklmnopqrstuvwxy'],
  source: 'a test',
  split,
})
vi.mock('@gicho/datasets', async (original) => ({
  ...(await original<object>()),
  async readSignLanguageParts(files: File[], { onBadFile }: ReadSignLanguagePartsOptions) {
    const parts: { [split in Split]?: ImageDataset } = {}
    for (const file of files) {
      const [, split] = /_(train|test)/.exec(file.name) ?? []
      if (split === 'train' || split === 'test') parts[split] = photos(split)
      else onBadFile?.(file, new GichoError('bad-data', `${file.name}: expected photos.`))
    }
    return parts
  },
}))

const [trainFile, testFile] = ['train', 'test'].map((split) => new File(['label'], `sign_mnist_${split}.csv`))
const given = [trainFile, testFile].filter((file) => file !== undefined)

test('photos that were given are kept, and gone when they are forgotten', async () => {
  const told: News[] = []
  const shelf = new DataShelf({ ...memoryTree(), lasts: true }, (news) => told.push(news))
  await shelf.take(given)
  expect(await shelf.signLanguage()).toBe('kept')
  await shelf.forget()
  expect(await shelf.signLanguage()).toBe('missing')
  expect(told).toEqual([])
})

test('the two files of photos may come one after the other, with something else between them', async () => {
  const shelf = new DataShelf({ ...memoryTree(), lasts: true }, () => undefined)
  expect(await shelf.take(given.slice(1))).toEqual({ missing: ['train'], wrong: [] })
  expect(await shelf.take(given.slice(1))).toEqual({ missing: ['train'], wrong: [] }) // once more the same
  expect(await shelf.take([new File(['\x89PNG'], 'hand.png')])).toEqual({
    missing: ['train'],
    wrong: [{ file: 'hand.png', kind: 'otherTable', detail: 'hand.png: expected photos.' }],
  })
  expect(await shelf.signLanguage()).toBe('missing')
  expect(await shelf.take(given.slice(0, 1))).toEqual({ missing: [], wrong: [] })
  expect(await shelf.signLanguage()).toBe('kept')
})

test('photos that find no room are used all the same, which is told, and half of them is not left behind', async () => {
  const told: News[] = []
  const tree = memoryTree()
  let room = 3
  const small: FileTree = {
    ...tree,
    lasts: true,
    write: (path, bytes) => (room-- > 0 ? tree.write(path, bytes) : Promise.reject(new Error('full'))),
  }
  const shelf = new DataShelf(small, (news) => told.push(news))
  await shelf.take(given)
  expect(told).toMatchObject([{ kind: 'warning', about: 'data', failure: { message: 'full' } }])
  expect(await shelf.signLanguage()).toBe('held')
  expect(await shelf.load('sign-language', 0)).toMatchObject({ name: 'sign-language', train: { length: 1 } })
  expect(await small.list('data/sign-language')).toEqual([])
  await shelf.forget()
  expect(await shelf.signLanguage()).toBe('missing')
})

test('in a browser that keeps nothing, photos are here until the tab is closed', async () => {
  const shelf = new DataShelf(memoryTree(), () => undefined)
  await shelf.take(given)
  expect(await shelf.signLanguage()).toBe('held')
})
