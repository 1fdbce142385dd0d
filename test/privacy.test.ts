import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { watchNetwork } from '../tools/nightly/sinkhole.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

async function scripts(): Promise<[file: string, name: string, script: string][]> {
  const files = globSync(['package.json', 'packages/*/package.json', 'apps/*/package.json'], { cwd: root })
  const read = async (file: string): Promise<[string, string, string][]> => {
    const { scripts = {} } = JSON.parse(await readFile(`${root}/${file}`, 'utf8'))
    return Object.entries<string>(scripts).map(([name, script]) => [file, name, script])
  }
  return (await Promise.all(files.map(read))).flat()
}

test('every npm script runs turbo without its telemetry, and none leaves that to a shell', async () => {
  const all = await scripts()
  const withTurbo = all.filter(([, , script]) => /\bturbo\b/.test(script))
  expect(withTurbo.map(([, name]) => name)).toEqual(expect.arrayContaining(['start', 'lesson', 'build']))
  for (const [file, name, script] of withTurbo) {
    expect(script.replaceAll('node tools/turbo.mjs', ''), `${file}: ${name}`).not.toMatch(/\bturbo\b/)
  }
  for (const [file, name, script] of all)
    expect(script, `${file}: ${name}`).not.toMatch(/\b(npx|TURBO_\w+=|DO_NOT_TRACK)/)
})

test('turbo tries to reach nobody and shows no notice, in a home folder where it never ran', async () => {
  const command = [process.execPath, 'tools/turbo.mjs', 'run', 'build', '--dry=json', '--filter=@gicho/core']
  const { code, output, asked } = await watchNetwork(command, { cwd: root })
  expect(code, output).toBe(0)
  expect(asked).toEqual([])
  expect(output).not.toMatch(/telemetry/i)
})

test('npm and turbo look for no newer version of themselves here', async () => {
  expect(await readFile(`${root}/.npmrc`, 'utf8')).toContain('update-notifier=false')
  expect(JSON.parse(await readFile(`${root}/turbo.json`, 'utf8'))).toMatchObject({ noUpdateNotifier: true })
})

test('the README says what is read, kept and sent', async () => {
  const readme = await readFile(`${root}/README.md`, 'utf8')
  const section = readme.split('\n## ').find((part) => part.startsWith('Privacy'))
  for (const word of ['Kaggle', 'telemetry', 'cache', 'runs/', 'camera', 'run.json', 'GICHO_CACHE_DIR']) {
    expect(section, word).toContain(word)
  }
})
