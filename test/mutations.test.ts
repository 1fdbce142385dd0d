import { isGichoError } from '@gicho/core'
import { expect, test } from 'vitest'
import { formats } from './mutations/formats.ts'
import { drawsOf, mutate } from './mutations/mutate.ts'

const FILES = 200
const known = await formats()

/** The short form of tools/nightly/mutations.mjs, which reads 100,000 of each. */
test.each(Object.entries(known))('a damaged %s file ends in a value or a sentence', async (_, format) => {
  let read = 0
  for (let index = 0; index < FILES; index++) {
    const draw = drawsOf(7, index)
    const which = draw(format.seeds.length)
    const bytes = (format.damage ?? mutate)(format.seeds[which] ?? new Uint8Array(0), draw)
    await format.read(bytes, which).then(
      () => read++,
      (error: unknown) => {
        if (!isGichoError(error)) throw new Error(`file ${index}: ${String(error)}`, { cause: error })
        expect(error.message).toMatch(/[.?]$/)
      },
    )
  }
  expect(read).toBeLessThan(FILES)
})

test.each(Object.entries(known))('a whole %s file is read', async (_, format) => {
  for (const [which, bytes] of format.seeds.entries()) await format.read(bytes, which)
})
