import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { GichoError } from '@gicho/core'
import { PARTS } from '../setup-folder.node.ts'
import type { PythonChoice } from './choose-python.node.ts'
import { inspectPython, type Python } from './python.node.ts'
import { type Ended, type RunOptions, runCommand } from './run-command.node.ts'
import type { Tested } from './tested.node.ts'

/** What uv fetches where the machine has no Python. */
const UV_PYTHON = '3.12'

/**
 * Makes an environment in the setup's folder and installs TensorFlow there. pip, or uv, takes the user's own index and
 * proxy, and checks every file against the index's checksum; what an interrupted run left is made use of or replaced.
 *
 * @throws GichoError `unavailable`, `io` in a sentence for what pip or uv said
 */
export async function installWheel(
  folder: string,
  choice: Exclude<PythonChoice, { kind: 'ready' }>,
  tested: Tested,
  gpu: boolean,
  options: RunOptions,
): Promise<Python> {
  const venv = join(folder, PARTS.venv)
  const executable = join(venv, 'bin', 'python')
  if ((await inspectPython(executable, options.signal)) === undefined) {
    await rm(venv, { recursive: true, force: true })
    const base = choice.kind === 'base' ? choice.python.executable : UV_PYTHON
    const made =
      choice.maker === 'uv'
        ? await runCommand('uv', ['venv', '--python', base, venv], options)
        : await runCommand(base, ['-m', 'venv', venv], options)
    if (made.code !== 0) throw failed('the environment could not be made', made, venv)
  }
  const wanted = `tensorflow${gpu ? '[and-cuda]' : ''}>=${tested.from},<${tested.below}`
  const installed =
    choice.maker === 'uv'
      ? await runCommand('uv', ['pip', 'install', '--python', executable, wanted], options)
      : await runCommand(
          executable,
          ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--upgrade', wanted],
          options,
        )
  if (installed.code !== 0) throw failed(`${wanted} could not be installed`, installed, venv)
  const python = await inspectPython(executable, options.signal)
  if (python?.tensorflow === undefined) throw failed(`${wanted} was installed, and isn't there`, installed, venv)
  return python
}

/** What pip and uv say, and what it means. */
const CAUSES: readonly [RegExp, string][] = [
  [
    /no space left|disk quota|os error 28|errno 28/i,
    'The disk is full: make room, or name a folder on another disk with --dir DIR.',
  ],
  [
    /no matching distribution|could not find a version|no solution found|not a supported wheel/i,
    'No TensorFlow of this range is built for this Python, processor and C library (glibc 2.17 or newer; none for musl). Name another Python with --python PATH, or use a newer system.',
  ],
  [
    /name resolution|connection|timed out|network|proxyerror|ssl|dns error/i,
    "The package index can't be reached: check the connection, or the index and proxy that pip is set to (pip config list).",
  ],
  [
    /do not match the hash|hash mismatch|integrity/i,
    "A file isn't the one that the index published: run it again, or ask who runs the index.",
  ],
  [/permission denied|errno 13/i, "The folder can't be written: name another with --dir DIR."],
]

function failed(what: string, { code, output }: Ended, place: string): GichoError {
  const cause = CAUSES.find(([pattern]) => pattern.test(output))?.[1]
  const last = output.trimEnd().split('\n').at(-1)?.trim() ?? ''
  const said = code === undefined ? 'the command is not there' : `it ended with ${code}: ${last}`
  return new GichoError(
    'unavailable',
    `${what} in ${place} (${said}). ${cause ?? 'What was said above tells why; then run it again.'}`,
  )
}
