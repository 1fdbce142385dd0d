/* The process around the command: streams in, exit code out. */
import { Console } from 'node:console'
import process from 'node:process'
import { Writable } from 'node:stream'
import { fileErrorWords } from '@gicho/core'
import { runCli } from './cli.ts'
import { outputOf } from './output.ts'
import { jsonLine } from './terminal/printable.ts'
import { screenOf, writeLine } from './terminal/screen.ts'

/** Runs `gicho` with these arguments and ends the process. */
export async function main(args: readonly string[]): Promise<void> {
  const outputs = { stdout: outputOf(process.stdout), stderr: outputOf(process.stderr) }
  const stdout = screenOf(outputs.stdout, process.env)
  const stderr = screenOf(outputs.stderr, process.env)
  // Standard output belongs to us alone: what a library prints must not come between two events of --json.
  const library = new Writable({
    decodeStrings: false,
    write: (text, _encoding, done) => {
      stderr.write(String(text))
      done()
    },
  })
  globalThis.console = new Console(library, library)
  const drained = (): Promise<unknown> => Promise.all([outputs.stdout.drained(), outputs.stderr.drained()])
  const code = await runCli(args, {
    stdout,
    stderr,
    env: process.env,
    event: (event) => {
      outputs.stdout.write(jsonLine(event))
    },
    drained,
  })
  await drained()
  const { failure } = outputs.stdout
  if (failure !== undefined) writeLine(stderr, `gicho: standard output can't be written: ${fileErrorWords(failure)}.`)
  await outputs.stderr.drained()
  // A GPU device or a worker may keep Node alive although all work is done.
  process.exit(failure !== undefined && code === 0 ? 1 : code)
}
