/*
 * One lesson's contest. Every peer opens, is tuned, and runs until its code is warm; loss curves are compared; then rounds in
 * which each runs one short repetition, in an order that moves on by one each round. Between its turns a peer is stopped.
 */
import type { BenchOptions } from './options.ts'
import { PeerProcess } from './peer.ts'
import type { CompareReport, MemoryReport, OpenReport, TuneReport } from './protocol.ts'
import { COMPILED, type PeerEntry, REFERENCES } from './roster.ts'
import { curveDistance, pairedRatio, spread, stepsFor } from './statistics.ts'
import type { Absence, LessonResult, Row } from './table.ts'
import { type LayerWork, type LessonWork, stepFlops } from './work.ts'

const COMPARED_STEPS = 20
/** A step longer than this isn't repeated to warm up. */
const SLOW_STEP_MS = 2000

/** What a contest needs to know. */
export interface ContestSettings {
  readonly options: BenchOptions
  readonly lesson: LessonWork
  readonly batchSize: number
  readonly work: readonly LayerWork[]
  readonly folder: string
  readonly entries: readonly PeerEntry[]
  /** GFLOP/s that so many threads can do; on a GPU unknown. */
  readonly peak?: (threads: number) => number
  readonly say: (text: string) => void
}

interface Contestant {
  readonly entry: PeerEntry
  readonly peer: PeerProcess
  readonly importSeconds: number
  readonly open: OpenReport
  readonly tune: TuneReport
  readonly memory: MemoryReport
  readonly steps: number
  readonly slow: boolean
  /** Repetitions that fit its budget. */
  readonly turns: number
  readonly losses: readonly number[]
  readonly times: (number | undefined)[]
  readonly roundLosses: number[]
}

/** Runs a lesson with all its peers. Those that fail are reported, and stop nothing. */
export async function contest(settings: ContestSettings): Promise<LessonResult> {
  const { options, say } = settings
  const contestants: Contestant[] = []
  const absent: Absence[] = []
  const drop = (entry: PeerEntry, error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error)
    absent.push({ id: entry.id, title: entry.title, reason: reason.trim().slice(0, 500) })
    say(`  ${entry.title}: did not run: ${reason}`)
  }
  try {
    for (const entry of settings.entries) {
      try {
        if (settings.lesson.name === 'augmented' && entry.withoutDraws) throw new Error(entry.withoutDraws)
        contestants.push(await enter(entry, settings))
      } catch (error) {
        drop(entry, error)
      }
    }
    const failed = new Set<Contestant>()
    for (let round = 0; round < options.rounds; round++) {
      say(`  round ${round + 1} of ${options.rounds}`)
      const start = round % Math.max(1, contestants.length)
      for (const contestant of [...contestants.slice(start), ...contestants.slice(0, start)]) {
        if (failed.has(contestant)) continue
        try {
          await takeTurn(contestant, round)
        } catch (error) {
          failed.add(contestant)
          drop(contestant.entry, error)
        }
      }
    }
    return summarise(
      settings,
      contestants.filter((one) => !failed.has(one)),
      absent,
    )
  } finally {
    await Promise.all(contestants.map(({ peer }) => peer.close()))
  }
}

/** Starts a peer and brings it to where its repetitions can be timed. */
async function enter(
  entry: PeerEntry,
  { options, lesson, batchSize, folder, say }: ContestSettings,
): Promise<Contestant> {
  const { peer, importSeconds } = await PeerProcess.start(entry.start)
  try {
    const open = await peer.ask({ do: 'open', folder, lesson: lesson.name, batchSize })
    const slow = open.seconds * 1000 > SLOW_STEP_MS && entry.family !== 'python'
    // Slow by compiling, or by running? The second step tells.
    const second = slow ? await peer.ask({ do: 'run', warm: 0, steps: 1 }) : undefined
    const crawls = second !== undefined && second.ms > SLOW_STEP_MS
    const tune = await peer.ask({ do: 'tune' })
    const ms = crawls && second ? second.ms : await warmUp(peer, options)
    const memory = await peer.ask({ do: 'memory' })
    const compared = Math.min(COMPARED_STEPS, stepsFor(options.budgetSeconds, ms, COMPARED_STEPS))
    const { losses }: CompareReport = await peer.ask({
      do: 'compare',
      steps: compared,
      learningRate: lesson.comparisonRate,
    })
    const steps = stepsFor(options.repetitionSeconds, ms, options.mostSteps)
    const turns = Math.max(1, Math.min(options.rounds, Math.floor((options.budgetSeconds * 1000) / (ms * steps))))
    const form = tune.form ? ` (${tune.form})` : ''
    say(`  ${entry.title} ${open.version}${form}: about ${ms.toPrecision(3)} ms a step, ${turns} times ${steps} steps`)
    const sofar = { times: [], roundLosses: [] }
    return { entry, peer, importSeconds, open, tune, memory, steps, slow: crawls, turns, losses, ...sofar }
  } catch (error) {
    await peer.close()
    throw error
  }
}

/** Runs for about two repetitions, so that V8 has optimised what it will; gives milliseconds a step. */
async function warmUp(peer: PeerProcess, { repetitionSeconds, mostSteps }: BenchOptions): Promise<number> {
  const first = await peer.ask({ do: 'run', warm: 1, steps: 2 })
  const some = stepsFor(repetitionSeconds, first.ms / 2, mostSteps)
  const next = await peer.ask({ do: 'run', warm: 0, steps: some })
  const steps = stepsFor(repetitionSeconds, next.ms / some, mostSteps)
  const last = await peer.ask({ do: 'run', warm: 0, steps })
  return last.ms / steps
}

async function takeTurn(contestant: Contestant, round: number): Promise<void> {
  const { peer, steps, slow, turns, times, roundLosses } = contestant
  if (round >= turns) {
    times.push(undefined)
    return
  }
  const { ms, loss } = await peer.ask({ do: 'run', warm: slow ? 0 : Math.ceil(steps / 8), steps })
  times.push(ms / steps)
  roundLosses.push(loss)
}

function summarise(
  { lesson, batchSize, work, peak }: ContestSettings,
  contestants: readonly Contestant[],
  absent: readonly Absence[],
): LessonResult {
  const flops = stepFlops(work, batchSize)
  const byId = new Map(contestants.map((one) => [one.entry.id, one]))
  const compiled = byId.get(COMPILED)?.times ?? []
  const reference = REFERENCES.find((id) => byId.has(id)) ?? ''
  const right = byId.get(reference)?.losses ?? []
  const rows = contestants.map(({ entry, open, tune, memory, steps, times, losses, ...rest }): Row => {
    const msPerStep = spread(times.filter((time) => time !== undefined))
    const gflops = flops / msPerStep.median / 1e6
    return {
      id: entry.id,
      title: entry.title,
      version: open.version,
      threads: open.threads,
      msPerStep,
      rounds: times.map((time) => time ?? null),
      stepsPerRound: steps,
      gflops,
      peakShare: peak ? gflops / peak(open.threads) : null,
      ratio: pairedRatio(times, compiled),
      lossDistance: curveDistance(losses, right),
      comparedSteps: Math.min(losses.length, right.length),
      importSeconds: rest.importSeconds,
      firstStepSeconds: open.seconds,
      ...memory,
      ...tune,
      notes: open.notes,
      losses,
      roundLosses: rest.roundLosses,
    }
  })
  return {
    title: `${lesson.title}, batches of ${batchSize}`,
    batchSize,
    gflopPerStep: flops / 1e9,
    reference,
    rows,
    absent,
  }
}
