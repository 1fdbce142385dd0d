/*
 * The host's side of a peer: a process of its own, asked by JSON lines. While others are measured it is stopped by signal, so
 * that threads which spin for a while after their work (OpenMP's, TensorFlow's) take nothing from them.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { CompareReport, MemoryReport, OpenReport, PeerRequest, RunReport, TuneReport } from './protocol.ts'
import type { PeerCommand } from './roster.ts'

interface Answers {
  readonly open: OpenReport
  readonly tune: TuneReport
  readonly compare: CompareReport
  readonly run: RunReport
  readonly memory: MemoryReport
  readonly close: object
}

/** A request that takes longer has hung: the slowest known is a step of 43 s. */
const PATIENCE_MS = 10 * 60_000

/** Signals that stop and continue a process are POSIX'. */
const CAN_STOP = process.platform !== 'win32'

interface Waiting {
  readonly resolve: (line: string) => void
  readonly reject: (error: Error) => void
}

/** A stopped process would outlive us. */
const living = new Set<ChildProcessWithoutNullStreams>()
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))

/** A peer's process. */
export class PeerProcess {
  readonly #child: ChildProcessWithoutNullStreams
  #waiting: Waiting | undefined
  #errors = ''
  #ended: Error | undefined

  private constructor({ command, args, env }: PeerCommand) {
    this.#child = spawn(command, [...args], { env: { ...process.env, ...env } })
    living.add(this.#child)
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      // Libraries greet on standard output, too.
      if (line.startsWith('{')) this.#settle((waiting) => waiting.resolve(line))
    })
    this.#child.stderr.on('data', (text) => {
      this.#errors = `${this.#errors}${text}`.slice(-4000)
    })
    this.#child.on('error', (error) => this.#end(error.message))
    this.#child.on('exit', (code, signal) => this.#end(`ended with ${signal ?? `code ${code}`}`))
  }

  /** Starts the process and waits until its libraries are loaded. @throws Error with the end of what it complained of */
  static async start(command: PeerCommand): Promise<{ peer: PeerProcess; importSeconds: number }> {
    const began = performance.now()
    const peer = new PeerProcess(command)
    await peer.#next()
    return { peer, importSeconds: (performance.now() - began) / 1000 }
  }

  #end(reason: string): void {
    living.delete(this.#child)
    const complaint = this.#errors.trim().split('\n').slice(-3).join(' | ')
    this.#ended ??= new Error(complaint ? `${reason}: ${complaint}` : reason)
    const error = this.#ended
    this.#settle((waiting) => waiting.reject(error))
  }

  #settle(how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) how(waiting)
  }

  #next(): Promise<string> {
    if (this.#ended) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  /** Asks, with the process awake; it sleeps again afterwards. */
  async ask<R extends PeerRequest>(request: R): Promise<Answers[R['do']]> {
    this.#signal('SIGCONT')
    const answered = this.#next()
    this.#child.stdin.write(`${JSON.stringify(request)}\n`)
    const timer = setTimeout(() => {
      this.#child.kill('SIGKILL')
      this.#end(`no answer to ${request.do} within ${PATIENCE_MS / 60_000} minutes`)
    }, PATIENCE_MS)
    const line = await answered.finally(() => clearTimeout(timer))
    const answer: { error?: string } & Answers[R['do']] = JSON.parse(line)
    if (answer.error !== undefined) throw new Error(answer.error)
    this.#signal('SIGSTOP')
    return answer
  }

  #signal(signal: 'SIGCONT' | 'SIGSTOP'): void {
    if (CAN_STOP && !this.#ended) this.#child.kill(signal)
  }

  /** Ends the process, asleep or awake. */
  async close(): Promise<void> {
    if (this.#ended) return
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await ended
  }
}
