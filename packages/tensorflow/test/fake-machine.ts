/* For tests: a machine whose commands are shell scripts, and wheels that are empty files. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { libraryPath } from '../src/setup-record.node.ts'

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gicho-tensorflow-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Makes PATH a folder with these commands alone; each is the body of a shell script. */
export function onlyCommands(commands: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [name, body] of Object.entries(commands)) writeCommand(join(folder, name), body)
  vi.stubEnv('PATH', folder)
  vi.stubEnv('VIRTUAL_ENV', '')
  vi.stubEnv('CONDA_PREFIX', '')
  vi.stubEnv('npm_execpath', undefined)
  return folder
}

/** A shell script that can be run. */
export function writeCommand(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
}

/** What a fake Python says of itself. */
export interface FakePython {
  readonly version?: readonly [number, number]
  readonly venv?: boolean
  readonly tensorflow?: { readonly version: string; readonly folder: string; readonly cuda?: string }
}

/** The script of a Python that answers the one question that it is asked. */
export function fakePython({ version = [3, 11], venv = true, tensorflow }: FakePython = {}): string {
  const answer = { executable: '/fake/python3', python: version, bits: 64, pip: venv, venv, tensorflow }
  return `echo '${JSON.stringify(answer)}'`
}

/** The folder of a TensorFlow that looks whole. */
export function fakeWheel({ headers = true, library = true }: { headers?: boolean; library?: boolean } = {}): string {
  const folder = join(temporaryFolder(), 'tensorflow')
  mkdirSync(join(folder, 'include', 'tensorflow', 'c', 'eager'), { recursive: true })
  if (headers) writeFileSync(join(folder, 'include', 'tensorflow', 'c', 'eager', 'c_api.h'), '')
  if (library) writeFileSync(libraryPath(folder), 'library')
  return folder
}
