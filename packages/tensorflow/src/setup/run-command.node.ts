import { spawn } from 'node:child_process'
import { fileErrorCode } from '@gicho/core'

/** How a command ended. */
export interface Ended {
  /** Undefined: there is no such command. */
  readonly code: number | undefined
  readonly stdout: string
  /** Of both streams, the last 64 kB: for finding out why it failed. */
  readonly output: string
}

/** How a command is run. */
export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Is given what the command writes, as it comes. */
  readonly show?: ((text: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

const KEPT = 65_536

/** Runs a command to its end; it never throws for one that fails. @throws the signal's reason when it is aborted */
export function runCommand(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd, env, show, signal } = options
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let output = ''
    const take = (text: string): void => {
      output = (output + text).slice(-KEPT)
      show?.(text)
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      take(text)
    })
    child.stderr.setEncoding('utf8').on('data', take)
    const stop = (): void => {
      child.kill('SIGTERM')
    }
    signal?.addEventListener('abort', stop, { once: true })
    const end = (code: number | undefined): void => {
      signal?.removeEventListener('abort', stop)
      if (signal?.aborted) reject(signal.reason)
      else resolve({ code, stdout, output })
    }
    child.on('error', (error) => {
      output += fileErrorCode(error) === 'ENOENT' ? '' : error.message
      end(undefined)
    })
    child.on('close', (code) => end(code ?? 1))
  })
}
