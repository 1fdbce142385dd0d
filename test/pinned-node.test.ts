import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const manifest: { optionalDependencies: Record<string, string> } = JSON.parse(read('package.json'))
const lock: { packages: Record<string, { version?: string; integrity?: string }> } = JSON.parse(
  read('package-lock.json'),
)
const pinned = Object.entries(manifest.optionalDependencies).filter(([name]) => name.startsWith('node-'))

test('every pinned Node is locked to one version and to the SHA-512 of its package, which npm ci checks', () => {
  expect(pinned.length).toBeGreaterThanOrEqual(4)
  for (const [name, version] of pinned) {
    const locked = lock.packages[`node_modules/${name}`]
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
    expect(locked?.version, name).toBe(version)
    expect(locked?.integrity, name).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/)
  }
})

test('every package that npm ci brings is locked to a hash', () => {
  const outside = Object.entries(lock.packages).filter(
    ([path, entry]) => /^(.*\/)?node_modules\//.test(path) && !('link' in entry),
  )
  expect(outside.length).toBeGreaterThan(100)
  expect(outside.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path)).toEqual([])
})

test('nobody who installs the command gets Dawn with it, and everybody who works on it does', () => {
  const command: { dependencies: object; peerDependenciesMeta: object } = JSON.parse(read('apps/node/package.json'))
  expect(command.dependencies).not.toHaveProperty('webgpu')
  expect(command.peerDependenciesMeta).toEqual({ webgpu: { optional: true } })
  const engine: { devDependencies: object } = JSON.parse(read('packages/engine/package.json'))
  expect(engine.devDependencies).toHaveProperty('webgpu')
})
