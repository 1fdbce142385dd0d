import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Every text that people read: documents, and what the command and the page say. */
const files = globSync(['*.md', '{packages,apps,bench,tools}/**/*.md', '{packages,apps}/*/src/**/*.{ts,tsx}'], {
  cwd: root,
  exclude: (path) => /node_modules|dist$/.test(path),
}).filter((path) => !/CHANGELOG|\.test\.ts$|called-as\.ts$/.test(path))

test('nobody is told to run or install a name that npm may give to anybody', async () => {
  expect(files.length).toBeGreaterThan(300)
  for (const file of files) {
    const lines = (await readFile(`${root}/${file}`, 'utf8')).split('\n')
    for (const [i, line] of lines.entries()) {
      expect(line, `${file}:${i + 1}`).not.toMatch(
        /\bnpx (-y |--yes )?(gicho|@gicho)|npm (i|install|add) (-g |--global )?gicho\b/,
      )
      // Who reads an error of a package has it, and its siblings' names are theirs.
      if (file.endsWith('.md') && /npm (i|install|add) .*@gicho\//.test(line))
        expect(lines[i - 1], `${file}:${i + 1}`).toContain('once it is on npm')
    }
  }
})

test('the README runs the command by a script that is there', async () => {
  const { scripts } = JSON.parse(await readFile(`${root}/package.json`, 'utf8'))
  const readme = await readFile(`${root}/README.md`, 'utf8')
  const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? '')
  expect(named).toContain('gicho')
  for (const name of named) expect(Object.keys(scripts)).toContain(name)
})
