import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { fakePython, onlyCommands, temporaryFolder, writeCommand } from '../../test/fake-machine.ts'
import { installWheel } from './install-wheel.node.ts'
import { inspectPython } from './python.node.ts'
import { testedVersions } from './tested.node.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Installs by an environment whose pip says this and ends so. */
async function installWith(pip: string, gpu = false): Promise<unknown> {
  const folder = temporaryFolder()
  const bin = join(folder, 'venv', 'bin')
  mkdirSync(bin, { recursive: true })
  const answer = fakePython()
  writeCommand(join(bin, 'python'), `if [ "$1" = -c ]; then ${answer}; else ${pip}; fi`)
  const commands = onlyCommands({ python3: answer })
  const python = await inspectPython(`${commands}/python3`)
  if (!python) throw new Error('expected a Python')
  return installWheel(folder, { kind: 'base', python, maker: 'venv' }, testedVersions(), gpu, {})
}

test.each([
  [
    'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
    'The disk is full: make room',
  ],
  ['ERROR: No matching distribution found for tensorflow', 'No TensorFlow of this range is built for this Python'],
  [
    'WARNING: Retrying after NewConnectionError: Temporary failure in name resolution',
    "The package index can't be reached",
  ],
  ['ERROR: THESE PACKAGES DO NOT MATCH THE HASHES', "A file isn't the one that the index published"],
  ['ERROR: [Errno 13] Permission denied', "The folder can't be written"],
])('pip’s "%s" becomes a sentence', async (said, sentence) => {
  await expect(installWith(`echo '${said}' >&2; exit 1`)).rejects.toThrow(sentence)
})

test('a pip that installs nothing is noticed', async () => {
  await expect(installWith('echo done')).rejects.toThrow("was installed, and isn't there")
})
