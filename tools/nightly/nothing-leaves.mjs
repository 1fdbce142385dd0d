// Shows that no command of this repository sends anything: each runs with an empty home folder, behind a proxy that writes down
// every request, and on Linux under strace, which sees every connection. `node tools/nightly/nothing-leaves.mjs`
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { watchNetwork } from './sinkhole.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const strace = process.platform === 'linux' && spawnSync('strace', ['-V']).status === 0
const out = await mkdtemp(join(tmpdir(), 'gicho-runs-'))
const lesson = ['--limit', '200', '--epochs', '1', '--out', out]
const commands = [
  ['npm', 'run', 'lesson', '--', 'mnist', ...lesson],
  ['npm', 'run', 'lesson', '--', 'asl-augmented', '--dataset', 'mnist', ...lesson],
  ['npm', 'run', 'gicho', '--', 'doctor'],
  ['npm', 'run', 'gicho', '--', 'list'],
  ['npm', 'run', 'gicho', '--', 'evaluate', join(out, 'mnist', '1')],
  ['npm', 'run', 'gicho', '--', 'data', 'info', 'mnist'],
  ['npm', 'run', 'build'],
  ['npm', 'run', 'lint'],
  ['npm', 'run', 'check:types'],
  ['npm', 'run', 'check:packages'],
  ['npm', 'run', 'test:unit', '--', 'packages/core'],
]

const rows = []
for (const command of commands) {
  const { code, asked, connections, output } = await watchNetwork(command, { cwd: root, strace })
  const told = /telemetry/i.test(output)
  rows.push({ command: command.join(' ').replaceAll(out, 'OUT'), code, asked, connections, told })
  console.log(JSON.stringify(rows.at(-1)))
}
await rm(out, { recursive: true, force: true })

const watched = strace ? 'a proxy and strace' : 'a proxy'
const table = rows.map(
  ({ command, code, asked, connections, told }) =>
    `| \`${command}\` | ${code} | ${[...asked, ...connections].join(', ') || 'nothing'} | ${told ? 'yes' : 'no'} |`,
)
const text = [
  '# Nothing leaves the computer',
  '',
  `Each command with an empty home folder, watched by ${watched} on ${process.platform}-${process.arch}, Node ${process.version}. \`node tools/nightly/nothing-leaves.mjs\` wrote this.`,
  '',
  '| command | exit code | tried to reach | speaks of telemetry |',
  '| --- | --: | --- | --- |',
  ...table,
  '',
].join('\n')
await writeFile(new URL('results/nothing-leaves.md', import.meta.url), text)
const leaked = rows.filter(({ asked, connections, told }) => asked.length + connections.length > 0 || told)
const failed = rows.filter(({ code }) => code !== 0)
for (const { command } of leaked) console.error(`Something tried to leave at: ${command}`)
for (const { command, code } of failed) console.error(`Ended with ${code}: ${command}`)
process.exit(leaked.length + failed.length > 0 ? 1 : 0)
