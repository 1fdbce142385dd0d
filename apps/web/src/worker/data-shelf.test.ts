import type { ImageDataset, Split } from '@gicho/core'
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
  readSignLanguage: async () => ({ train: photos('train'), test: photos('test') }),
}))

const given = [new File(['label'], 'sign_mnist_train.csv')]

test('photos that were given are kept, and gone when they are forgotten', async () => {
  const told: News[] = []
  const shelf = new DataShelf({ ...memoryTree(), lasts: true }, (news) => told.push(news))
  await shelf.take(given)
  expect(await shelf.signLanguage()).toBe('kept')
  await shelf.forget()
  expect(await shelf.signLanguage()).toBe('missing')
  expect(told).toEqual([])
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
