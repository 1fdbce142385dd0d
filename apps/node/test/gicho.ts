import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../bin/gicho.js', import.meta.url))

/** How a command ended. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command under way: its output so far, its end, and the process to send signals to. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Outcome>
  /** Resolves when standard output has come to contain the text; fails when the command ends before that. */
  until(text: string): Promise<void>
}

/** Starts the built command. @param stdin `pipe` gives it a standard input, which the test has to end */
export function start(
  args: readonly string[],
  env: Record<string, string> = {},
  stdin: 'ignore' | 'pipe' = 'ignore',
): Running {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...process.env, LANG: 'C.UTF-8', LC_ALL: '', ...env },
    stdio: [stdin, 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const watcher of watchers) watcher()
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Outcome>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  const until = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const watcher = (): void => {
        if (stdout.includes(text)) resolve()
      }
      watchers.add(watcher)
      watcher()
      void ended.then(() => reject(new Error(`ended before "${text}":\n${stdout}\n${stderr}`)))
    })
  return { child, ended, until }
}

/** Runs the built command to its end. */
export function gicho(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  return start(args, env).ended
}
