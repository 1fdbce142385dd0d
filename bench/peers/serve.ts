/*
 * The side of a peer: JSON lines on standard input and output. Requests: open, tune, compare, run, memory, close; bench/peer.ts
 * asks them, and python/serve.py is the same for Python. One request at a time.
 */
import { createInterface } from 'node:readline'
import { type LessonFiles, readLesson } from '../lesson-files.ts'
import type { OpenReport, PeerRequest } from '../protocol.ts'
import { LEARNING_RATE } from '../work.ts'

/** How a model is trained. */
interface TrainerOptions {
  readonly dropout: boolean
  readonly learningRate: number
}

/** A model under training. */
interface Trainer {
  /** Runs `count` steps on the batches from `first` on; resolves with their mean loss when all is done. */
  run(first: number, count: number): Promise<number>
  /** Bytes that the engine says it holds, where it can say. */
  bytes?(): number
  dispose(): Promise<void> | void
}

/** A peer: something that can train a lesson. */
export interface PeerProgram {
  /** What it is and with how many threads; `notes` say where it doesn't compute the same. */
  about(files: LessonFiles): Omit<OpenReport, 'seconds'>
  start(files: LessonFiles, options: TrainerOptions): Promise<Trainer>
}

/** Serves a peer until `close`, or until standard input ends. */
export async function serve(program: PeerProgram): Promise<void> {
  let files: LessonFiles | undefined
  let trainer: Trainer | undefined
  let step = 0
  const need = (): { files: LessonFiles; trainer: Trainer } => {
    if (!files || !trainer) throw new Error('expected open before anything else')
    return { files, trainer }
  }
  const answer = async (request: PeerRequest): Promise<object> => {
    switch (request.do) {
      case 'open': {
        files = readLesson(request.folder, request.lesson, request.batchSize)
        const began = performance.now()
        trainer = await program.start(files, { dropout: true, learningRate: LEARNING_RATE })
        await trainer.run(step++, 1)
        const seconds = (performance.now() - began) / 1000
        return { ...program.about(files), seconds }
      }
      case 'tune':
        return {}
      case 'compare': {
        const other = await program.start(need().files, { dropout: false, learningRate: request.learningRate })
        const losses: number[] = []
        for (let i = 0; i < request.steps; i++) losses.push(await other.run(i, 1))
        await other.dispose()
        return { losses }
      }
      case 'run': {
        const { trainer } = need()
        if (request.warm > 0) await trainer.run(step, request.warm)
        step += request.warm
        const began = performance.now()
        const loss = await trainer.run(step, request.steps)
        const ms = performance.now() - began
        step += request.steps
        return { ms, loss }
      }
      case 'memory':
        return { rssBytes: process.memoryUsage.rss(), engineBytes: need().trainer.bytes?.() ?? null }
      case 'close':
        await trainer?.dispose()
        return {}
    }
  }
  const write = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`)
  write({ ready: true })
  for await (const line of createInterface({ input: process.stdin })) {
    const request: PeerRequest = JSON.parse(line)
    try {
      write(await answer(request))
    } catch (error) {
      write({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
    if (request.do === 'close') break
  }
  process.exit(0)
}
