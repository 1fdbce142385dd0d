import { GichoError } from '@gicho/core'
import { whyUnfit } from './check-wheel.node.ts'
import { inspectPython, type Python } from './python.node.ts'
import { runCommand } from './run-command.node.ts'
import type { Tested } from './tested.node.ts'

/** What is built against, or from what it is made. */
export type PythonChoice =
  | { readonly kind: 'ready'; readonly python: Python }
  /** An environment of our own is made with it. */
  | { readonly kind: 'base'; readonly python: Python; readonly maker: 'venv' | 'uv' }
  /** uv brings a Python. */
  | { readonly kind: 'none'; readonly maker: 'uv' }

/** What {@link choosePython} goes by. */
export interface PythonSearch {
  /** `--python PATH`: this one alone. */
  readonly named?: string | undefined
  readonly gpu: boolean
  readonly tested: Tested
  readonly env: NodeJS.ProcessEnv
  readonly say: (line: string) => void
  readonly signal?: AbortSignal | undefined
}

/** Python's versions that TensorFlow's releases of the tested range were built for. */
const OLDEST_PYTHON = 9

/**
 * A Python that has a fitting TensorFlow: the one that was named, that of the active environment, the machine's; else
 * one to make an environment from.
 *
 * @throws GichoError `unavailable` with the command that mends it
 */
export async function choosePython(search: PythonSearch): Promise<PythonChoice> {
  const { named, gpu, tested, env, say, signal } = search
  const found: Python[] = []
  for (const command of named === undefined ? candidates(env) : [named]) {
    const python = await inspectPython(command, signal)
    if (python === undefined) continue
    found.push(python)
    if (python.tensorflow === undefined) continue
    const unfit = whyUnfit(python.tensorflow, tested, gpu)
    if (unfit === undefined) return { kind: 'ready', python }
    say(`TensorFlow of ${python.executable} ${unfit}: another is installed into a folder of its own.`)
  }
  if (named !== undefined && found.length === 0) {
    throw new GichoError('unavailable', `--python ${named}: expected a Python 3, and it doesn't run as one. ${WHICH}`)
  }
  return chooseBase(found, signal)
}

const WHICH = 'Name another with --python PATH.'

function candidates(env: NodeJS.ProcessEnv): string[] {
  const active = env.VIRTUAL_ENV ?? env.CONDA_PREFIX
  return [...(active ? [`${active}/bin/python`] : []), 'python3', 'python']
}

async function chooseBase(found: readonly Python[], signal: AbortSignal | undefined): Promise<PythonChoice> {
  const fit = found.filter(({ version: [major, minor], bits }) => major === 3 && minor >= OLDEST_PYTHON && bits === 64)
  const base = fit.find(({ venv }) => venv)
  if (base) return { kind: 'base', python: base, maker: 'venv' }
  const { code } = await runCommand('uv', ['--version'], { signal })
  if (code === 0) {
    const [python] = fit
    return python ? { kind: 'base', python, maker: 'uv' } : { kind: 'none', maker: 'uv' }
  }
  const [any] = fit
  if (any) {
    throw new GichoError(
      'unavailable',
      `${any.executable} can't make environments: it comes without venv or ensurepip. ` +
        `Debian and Ubuntu: sudo apt install python3-venv. Elsewhere: install uv, or name a Python that has TensorFlow with --python PATH.`,
    )
  }
  const versions = found.map(({ executable, version, bits }) => `${executable} is ${version.join('.')}, ${bits} bits`)
  throw new GichoError(
    'unavailable',
    `TensorFlow comes by Python, and expected is Python 3.${OLDEST_PYTHON} or newer, of 64 bits; got ${versions.join('; ') || 'none'}. ` +
      'Debian and Ubuntu: sudo apt install python3 python3-venv. macOS: brew install python@3.12.',
  )
}
