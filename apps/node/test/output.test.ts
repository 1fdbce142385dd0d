import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { start } from './gicho.ts'

const bin = fileURLToPath(new URL('../bin/gicho.js', import.meta.url))
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gicho-output-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs the command in a shell, whose redirections are what is tried. */
function shell(redirected: string): { status: number | null; stderr: string; stdout: string } {
  const command = `"$NODE" "$BIN" ${redirected}`
  const env = { ...process.env, NODE: process.execPath, BIN: bin, LC_ALL: 'C.UTF-8' }
  return spawnSync('bash', ['-c', command], { env, encoding: 'utf8' })
}

test('output that cannot be written is no success, and a reader that leaves is no failure', (context) => {
  if (process.platform !== 'linux') context.skip('/dev/full is Linux alone')
  for (const command of ['list', 'train mnist --explain']) {
    const { status, stderr } = shell(`${command} > /dev/full`)
    expect(stderr).toBe("gicho: standard output can't be written: the disk is full.\n")
    expect(status).toBe(1)
  }
  expect(shell('list | head -1; exit $PIPESTATUS').status).toBe(0)
  expect(shell('list 2> /dev/full').status).toBe(0)
})

test('a disk that fills up inside the output is no success', async (context) => {
  const mount = join(folder, 'small')
  await mkdir(mount)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', mount], { stdio: 'ignore' })
  } catch {
    context.skip('no tmpfs can be mounted here; /dev/full was tried')
  }
  try {
    await writeFile(join(mount, 'log'), 'x'.repeat(4000))
    const { status, stderr } = shell(`list >> ${join(mount, 'log')}`)
    expect(stderr).toContain("standard output can't be written: the disk is full.")
    expect(status).toBe(1)
  } finally {
    execFileSync('umount', [mount])
  }
})

test('a terminal that is closed keeps the run, as Ctrl-C does; a second signal ends it at once, with a last event', async () => {
  const begin = (name: string) =>
    start([
      'train',
      'mnist',
      '--limit',
      '640',
      '--epochs',
      '500',
      '--json',
      '--threads',
      '1',
      '--out',
      join(folder, name),
    ])
  const closed = begin('closed')
  await closed.until('"event":"epoch"')
  closed.child.kill('SIGHUP')
  expect((await closed.ended).code).toBe(130)
  const card = JSON.parse(await readFile(join(folder, 'closed/mnist/1/run.json'), 'utf8'))
  expect(card).toMatchObject({ status: 'interrupted', model: 'model' })

  const ended = begin('ended')
  await ended.until('"event":"epoch"')
  ended.child.kill('SIGINT')
  ended.child.kill('SIGTERM')
  const { code, stdout, stderr } = await ended.ended
  expect(code).toBe(130)
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
  expect(last).toMatchObject({ event: 'error', code: 'aborted' })
  expect(last.message).toContain(`gicho.js resume ${join(folder, 'ended/mnist/1')}`)
  expect(stderr).toContain('gicho: ')
})
