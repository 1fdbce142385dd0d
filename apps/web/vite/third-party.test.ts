import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import { packageFolder, THIRD_PARTY, thirdPartyText } from './third-party.ts'

const site = fileURLToPath(new URL('../dist', import.meta.url))

test('a module belongs to the innermost package of its path', () => {
  expect(packageFolder('/x/node_modules/preact/dist/preact.mjs')).toBe('/x/node_modules/preact')
  expect(packageFolder('\0/x/node_modules/a/node_modules/@b/c/index.js?commonjs')).toBe(
    '/x/node_modules/a/node_modules/@b/c',
  )
  expect(packageFolder('C:\\x\\node_modules\\@b\\c\\index.js')).toBe('C:\\x\\node_modules\\@b\\c')
  expect(packageFolder('/x/packages/core/dist/index.js')).toBeUndefined()
  expect(packageFolder('\0virtual:lesson-texts')).toBeUndefined()
})

test('a text that two packages share stands once, under both names', () => {
  const text = thirdPartyText([
    { name: 'b', version: '2.0.0', licence: 'MIT', text: 'Be kind.' },
    { name: 'a', version: '1.0.0', licence: 'MIT', text: 'Be kind.' },
  ])
  expect(text).toContain('a 1.0.0: MIT\nb 2.0.0: MIT\n\nBe kind.')
  expect(text.split('Be kind.')).toHaveLength(2)
})

test('the built site lists every package that it was made of, with its text', async () => {
  const text = await readFile(`${site}/${THIRD_PARTY}`, 'utf8')
  const own = Object.keys(manifest.dependencies).filter((name) => !name.startsWith('@gicho/'))
  for (const name of [
    ...own,
    '@observablehq/plot',
    'd3-scale',
    '@preact/signals-core',
    'seedrandom',
    'long',
    'XNNPACK',
  ]) {
    expect(text, name).toMatch(new RegExp(`^${name.replaceAll('/', '\\/')}[ ,]`, 'm'))
  }
  for (const words of [
    'Permission is hereby granted',
    'Apache License',
    'Yann LeCun, Corinna Cortes',
    'CC-BY-SA-3.0',
    'CC0-1.0',
  ]) {
    expect(text).toContain(words)
  }
  expect(text).not.toContain('/node_modules/')
})

test("MNIST's files have their authors and licence beside them", async () => {
  const [file] = globSync(`${site}/data/mnist-*/LICENSE.txt`)
  const text = file === undefined ? '' : await readFile(file, 'utf8')
  expect(text).toContain('Yann LeCun, Corinna Cortes, Christopher J.C. Burges')
  expect(text).toContain('https://creativecommons.org/licenses/by-sa/3.0/')
})
