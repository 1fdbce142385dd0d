import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string): Promise<string> => readFile(`${root}/${file}`, 'utf8')
const manifests = globSync(['packages/*/package.json', 'apps/*/package.json'], { cwd: root })

async function published(): Promise<[folder: string, manifest: Record<string, unknown>][]> {
  const all = await Promise.all(
    manifests.map(
      async (file): Promise<[string, Record<string, unknown>]> => [dirname(file), JSON.parse(await read(file))],
    ),
  )
  return all.filter(([, { private: isPrivate }]) => isPrivate !== true)
}

test('every package names its licence, authors and repository, and is published with its provenance', async () => {
  const packages = await published()
  expect(packages.length).toBeGreaterThanOrEqual(10)
  for (const [folder, manifest] of packages) {
    expect(manifest, folder).toMatchObject({
      license: 'Apache-2.0',
      author: 'The gicho authors',
      repository: { url: 'git+https://github.com/gicho/gicho.git', directory: folder.replaceAll('\\', '/') },
      publishConfig: { access: 'public', provenance: true },
      files: expect.arrayContaining(['dist', 'NOTICE']),
    })
  }
})

test('every package brings the licence and the notice with the copyright holder', async () => {
  expect(await read('NOTICE')).toContain('Copyright 2026 The gicho authors')
  for (const [folder] of await published()) {
    expect(await read(`${folder}/LICENSE`), folder).toBe(await read('LICENSE'))
    expect(await read(`${folder}/NOTICE`), folder).toBe(await read('NOTICE'))
  }
})

test('no published package bundles what others wrote, so none needs their notices', async () => {
  const maps = globSync(['packages/*/dist/**/*.map', 'apps/node/dist/**/*.map'], { cwd: root })
  expect(maps.length).toBeGreaterThan(10)
  for (const map of maps) {
    const { sources } = JSON.parse(await read(map))
    for (const source of sources) expect(source, map).not.toContain('node_modules')
  }
})

test('the recorded curves name their source, and say that nobody vouches for them', async () => {
  const references = globSync('packages/recipes/src/*.reference.ts', { cwd: root })
  for (const file of [...references, 'README.md', 'NOTICE', 'apps/web/src/words/en.ts']) {
    const text = await read(file)
    expect(text, file).toMatch(/NVIDIA(’s|'s)?\s+Deep\s+Learning\s+Institute/)
    expect(text, file).toContain('not affiliated with NVIDIA')
  }
})

test('SECURITY.md says how to report, and invents no address', async () => {
  const text = await read('SECURITY.md')
  expect(text).toContain('private vulnerability reporting')
  expect(text).not.toMatch(/\S+@\S+\.\S+/)
})
