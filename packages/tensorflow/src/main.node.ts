/* The command `gicho-tensorflow`. */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { isGichoError, messageOf } from '@gicho/core'
import { removeTensorflow, reportTensorflow, setUpTensorflow, setupLines } from './setup.node.ts'
import { FOLDER_VARIABLE } from './setup-folder.node.ts'

const HELP = `gicho-tensorflow: tfjs on TensorFlow in Node

  gicho-tensorflow setup [--gpu] [--python PATH] [--dir DIR] [--again]
      finds or installs Python's TensorFlow, builds tfjs' binding against it, trains a step
        --gpu          with CUDA, for an NVIDIA GPU on Linux
        --python PATH  this Python's TensorFlow
        --dir DIR      where it is kept (default ${FOLDER_VARIABLE}, else among your data)
        --again        builds anew what is there
  gicho-tensorflow status [--dir DIR]    says what is there, and on what it runs
  gicho-tensorflow remove [--dir DIR]    removes it

Afterwards \`import '@gicho/tensorflow'\` gives any tfjs program the backend "tensorflow".
`

/** Runs the command; gives its exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export async function main(args: readonly string[]): Promise<number> {
  const control = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => control.abort())
  try {
    return await dispatch(args, control.signal)
  } catch (error) {
    if (control.signal.aborted) {
      console.error('gicho-tensorflow: stopped. What is done is kept; run it again to go on.')
      return 130
    }
    const usage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    const text = usage || isGichoError(error) ? messageOf(error) : error instanceof Error ? error.stack : String(error)
    console.error(`gicho-tensorflow: ${text}${usage ? '\n"gicho-tensorflow --help" lists the options.' : ''}`)
    return usage ? 2 : 1
  }
}

async function dispatch(args: readonly string[], signal: AbortSignal): Promise<number> {
  const [command, ...rest] = args
  if (command === 'setup') return setUp(rest, signal)
  if (command === 'status' || command === 'remove') {
    const { values } = parseArgs({ args: rest, options: { dir: { type: 'string' } } })
    return command === 'status' ? status(values.dir) : remove(values.dir)
  }
  const asked = command === '--help' || command === '-h' || command === undefined
  if (asked) console.log(HELP)
  else console.error(`gicho-tensorflow: unknown command "${command}". Known: setup, status, remove.`)
  return asked && command !== undefined ? 0 : 2
}

async function setUp(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      gpu: { type: 'boolean' },
      python: { type: 'string' },
      dir: { type: 'string' },
      again: { type: 'boolean' },
    },
  })
  const setup = await setUpTensorflow({
    ...values,
    folder: values.dir,
    signal,
    onStep: (line) => console.error(`- ${line}`),
    onOutput: (text) => process.stderr.write(text),
  })
  for (const line of setupLines(setup)) console.log(line)
  return 0
}

async function status(folder: string | undefined): Promise<number> {
  const lines = await reportTensorflow(folder)
  for (const { part, ok, text } of lines) console.log(`${ok ? 'yes' : 'no '}  ${part.padEnd(8)} ${text}`)
  return lines.every(({ ok }) => ok) ? 0 : 1
}

async function remove(named: string | undefined): Promise<number> {
  const { folder, removed } = await removeTensorflow(named)
  console.log(removed ? `Removed from ${folder}` : `There is no setup in ${folder}: nothing to remove.`)
  return 0
}
