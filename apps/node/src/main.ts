/* The process around the command: streams in, exit code out. */
import { Console } from 'node:console'
import process from 'node:process'
import { runCli } from './cli.ts'
import { screenOf } from './terminal/screen.ts'

/** Runs `gicho` with these arguments and ends the process. */
export async function main(args: readonly string[]): Promise<void> {
  // Standard output belongs to us alone: what a library prints must not come between two events of --json.
  globalThis.console = new Console(process.stderr, process.stderr)
  // Whoever reads our output may stop reading (`gicho list | head -1`); a run goes on and is saved.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const code = await runCli(args, {
    stdout: screenOf(process.stdout, process.env),
    stderr: screenOf(process.stderr, process.env),
    env: process.env,
    event: (event) => {
      process.stdout.write(`${JSON.stringify(event)}\n`)
    },
  })
  await Promise.all([drained(process.stdout), drained(process.stderr)])
  // A GPU device or a worker may keep Node alive although all work is done.
  process.exit(code)
}

/** Resolves when everything written to the stream so far has left it. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((done) => {
    stream.write('', () => done())
  })
}
