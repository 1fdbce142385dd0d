import { expect, test, vi } from 'vitest'
import { type FileTree, memoryTree } from './file-tree.ts'
import { overflowTree } from './overflow-tree.ts'

const full = new Error('full')
const bytes = (value: number): Uint8Array<ArrayBuffer> => Uint8Array.of(value)

/** A tree in which only so many more files find room. */
function smallTree(room: number): FileTree {
  const tree = memoryTree()
  let left = room
  return {
    ...tree,
    lasts: true,
    write: (path, content) => (left-- > 0 ? tree.write(path, content) : Promise.reject(full)),
  }
}

test('while there is room, files are kept and memory has none of them', async () => {
  const disk = smallTree(9)
  const tree = overflowTree(disk, vi.fn())
  await tree.write('runs/mnist/1/run.json', bytes(1))
  expect(await disk.read('runs/mnist/1/run.json')).toEqual(bytes(1))
  expect(tree.lasts).toBe(true)
})

test('what finds no room is held, told of once a run, and the kept state before it stays', async () => {
  const disk = smallTree(2)
  const told = vi.fn()
  const tree = overflowTree(disk, told)
  await tree.write('runs/mnist/1/run.json', bytes(1))
  await tree.write('runs/mnist/1/checkpoints/a', bytes(1))
  await tree.write('runs/mnist/1/checkpoints/b', bytes(2))
  await tree.write('runs/mnist/1/run.json', bytes(2))
  await tree.remove('runs/mnist/1/checkpoints/a')
  expect(told).toHaveBeenCalledExactlyOnceWith(full)
  expect(await tree.read('runs/mnist/1/run.json')).toEqual(bytes(2))
  expect((await tree.list('runs/mnist/1/checkpoints')).sort()).toEqual(['a', 'b'])
  expect(await disk.list('runs/mnist/1/checkpoints')).toEqual(['a'])
  expect(await disk.read('runs/mnist/1/run.json')).toEqual(bytes(1))
  await tree.write('runs/mnist/2/run.json', bytes(3))
  expect(told).toHaveBeenCalledTimes(2)
})

test('a run that was removed is gone from both, and its number may be kept again', async () => {
  const disk = smallTree(1)
  const tree = overflowTree(disk, vi.fn())
  await tree.write('runs/mnist/1/run.json', bytes(1))
  await tree.write('runs/mnist/1/settings.txt', bytes(1))
  await tree.remove('runs/mnist/1')
  expect(await tree.list('runs/mnist')).toEqual([])
  expect(await disk.list('runs/mnist')).toEqual([])
})
