import { GichoError, isJsonObject, JsonFields } from '@gicho/core'
import { libraryPath, sizeOf, type Wheel } from '../setup-record.node.ts'
import { INSPECT_PYTHON } from './inspect-python.ts'
import { runCommand } from './run-command.node.ts'

/** A Python of this machine, and the TensorFlow that it has. */
export interface Python {
  readonly executable: string
  /** [3, 11] */
  readonly version: readonly [number, number]
  readonly bits: number
  readonly pip: boolean
  /** Whether it can make environments with pip in them (Debian has that in a package of its own). */
  readonly venv: boolean
  readonly tensorflow?: Wheel
}

/** Asks a Python about itself; undefined where there is none of that name, or it doesn't run. */
export async function inspectPython(command: string, signal?: AbortSignal): Promise<Python | undefined> {
  const { code, stdout } = await runCommand(command, ['-c', INSPECT_PYTHON], { signal })
  return code === 0 ? readAnswer(command, stdout) : undefined
}

function readAnswer(command: string, text: string): Python | undefined {
  const refuse = (field: string, expected: string): GichoError =>
    new GichoError('bad-data', `${command}: expected a Python 3 that tells its ${field} as ${expected}.`)
  let answer: unknown
  try {
    answer = JSON.parse(text.trim().split('\n').at(-1) ?? '')
  } catch {
    return undefined
  }
  if (!isJsonObject(answer)) return undefined
  const fields = new JsonFields(answer, refuse)
  const [major = 0, minor = 0] = fields.list('python', 'numbers', (value) => typeof value === 'number')
  const python = {
    executable: fields.text('executable'),
    version: [major, minor] as const,
    bits: fields.whole('bits', 1),
    pip: fields.flag('pip'),
    venv: fields.flag('venv'),
  }
  if (answer.tensorflow === undefined) return python
  const wheel = fields.record('tensorflow')
  const folder = wheel.text('folder')
  const tensorflow = {
    version: wheel.text('version'),
    folder,
    libraryBytes: sizeOf(libraryPath(folder)) ?? 0,
    ...wheel.there(['cuda', 'cudnn'], (name) => wheel.text(name)),
  }
  return { ...python, tensorflow }
}
