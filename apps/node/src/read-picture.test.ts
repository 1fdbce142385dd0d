import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readPicture } from './read-picture.ts'

test('standard input is read to its end', async () => {
  const input = Readable.from([Uint8Array.of(1, 2), Uint8Array.of(3)])
  expect([...(await readPicture('-', input))]).toEqual([1, 2, 3])
  expect(await readPicture('-', Readable.from([]))).toHaveLength(0)
})

test('standard input that never ends is refused', async () => {
  const piece = new Uint8Array(1 << 26)
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield piece
  }
  await expect(readPicture('-', endless())).rejects.toMatchObject({
    code: 'bad-data',
    message: 'standard input: expected a picture of at most 268 MB, got more.',
  })
})

test('a keyboard is no picture, and the sentence says how to pipe one in', async () => {
  const input = Object.assign(Readable.from([]), { isTTY: true })
  await expect(readPicture('-', input)).rejects.toThrow(
    '-: expected a picture on standard input, but nothing is piped in. Write: … - < hand.jpg',
  )
})

test('what is no plain file is refused at once, in words', async () => {
  await expect(readPicture('/dev/zero')).rejects.toThrow('/dev/zero: expected an image file, got a device.')
  await expect(readPicture('/')).rejects.toThrow('/: expected an image file, got a folder.')
  await expect(readPicture('/no/where.png')).rejects.toThrow(
    "/no/where.png: expected an image file, but it can't be read: there is nothing of that name.",
  )
})
