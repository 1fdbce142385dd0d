import { GichoError, isJsonObject } from '@gicho/core'
import { packagePath } from '../package-path.node.ts'
import { recordText, type SetupRecord } from '../setup-record.node.ts'
import { runCommand } from './run-command.node.ts'

/** What the training step ran on. */
export interface Proof {
  readonly type: string
  readonly name: string
}

/** Trains on the setup in a process of its own. @throws GichoError `unavailable` when that fails, with the reason */
export async function proveTraining(record: SetupRecord, signal?: AbortSignal): Promise<Proof> {
  const program = packagePath('dist/training-step.node.js')
  const { code, stdout, output } = await runCommand(process.execPath, [program, record.folder, recordText(record)], {
    signal,
  })
  const answer = code === 0 ? parsed(stdout) : undefined
  if (answer) return answer
  if (/ERR_MODULE_NOT_FOUND[\s\S]*@tensorflow\/tfjs-|Cannot find package '@tensorflow\/tfjs-/.test(output)) {
    throw new GichoError(
      'unavailable',
      'The binding is built, but the training step needs tfjs beside @gicho/tensorflow. Run: npm install @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-layers@4.22.0',
    )
  }
  const reason = /^\w*Error:.*$/m.exec(output)?.[0] ?? output.trim().split('\n').at(-1) ?? ''
  const how = code === undefined ? 'Node could not be started' : `it ended with ${code}`
  throw new GichoError('unavailable', `A training step on the new binding failed (${how}: ${reason}).${hint(output)}`)
}

function hint(output: string): string {
  if (/GLIBCXX?_\d/.test(output))
    return " The system's C++ library is older than the compiler's or TensorFlow's: use a newer system, or another compiler with CXX=PATH."
  if (/out of memory|cannot allocate/i.test(output))
    return ' The memory is full: close other programs, then run it again.'
  return ''
}

function parsed(stdout: string): Proof | undefined {
  try {
    const answer: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
    return isJsonObject(answer) ? { type: String(answer.type), name: String(answer.name) } : undefined
  } catch {
    return undefined
  }
}
