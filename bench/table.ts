import type { Spread } from './statistics.ts'
import type { Target } from './work.ts'

/** What was measured of one peer on one lesson. */
export interface Row {
  readonly id: string
  readonly title: string
  readonly version: string
  readonly threads: number
  readonly msPerStep: Spread
  /** Milliseconds a step by round; null where the peer sat out. */
  readonly rounds: readonly (number | null)[]
  readonly stepsPerRound: number
  readonly gflops: number
  /** Of the 128-bit peak of as many threads; null on a GPU. */
  readonly peakShare: number | null
  /** How many times the compiled engine's time. */
  readonly ratio: number
  /** Largest relative difference of the losses to the reference's. */
  readonly lossDistance: number
  readonly comparedSteps: number
  readonly importSeconds: number
  readonly firstStepSeconds: number
  readonly rssBytes: number
  readonly engineBytes: number | null
  readonly form?: string
  readonly tried?: Readonly<Record<string, number>>
  readonly notes: readonly string[]
  readonly losses: readonly number[]
  /** Mean loss of each round's timed steps. */
  readonly roundLosses: readonly number[]
}

/** A peer that didn't run, and why. */
export interface Absence {
  readonly id: string
  readonly title: string
  readonly reason: string
}

/** A lesson's results. */
export interface LessonResult {
  readonly title: string
  readonly batchSize: number
  readonly gflopPerStep: number
  readonly reference: string
  readonly rows: readonly Row[]
  readonly absent: readonly Absence[]
}

/** What losses may differ by. */
export const LOSS_TOLERANCE = 1e-3

interface Column {
  readonly head: string
  readonly cell: (row: Row) => string
  /** Says nothing of a GPU. */
  readonly cpuOnly?: true
}

const COLUMNS: readonly Column[] = [
  { head: 'engine', cell: ({ title }) => title },
  { head: 'threads', cell: ({ threads }) => String(threads), cpuOnly: true },
  { head: 'ms/step', cell: ({ msPerStep }) => threeDigits(msPerStep.median) },
  { head: 'min', cell: ({ msPerStep }) => threeDigits(msPerStep.min) },
  { head: 'max', cell: ({ msPerStep }) => threeDigits(msPerStep.max) },
  { head: 'GFLOP/s', cell: ({ gflops }) => (gflops >= 1000 ? gflops.toFixed(0) : gflops.toPrecision(3)) },
  {
    head: 'of 128-bit peak',
    cell: ({ peakShare }) => (peakShare === null ? '' : `${(peakShare * 100).toPrecision(3)}%`),
    cpuOnly: true,
  },
  { head: 'times gicho', cell: ({ ratio }) => threeDigits(ratio) },
  {
    head: 'losses differ by',
    cell: ({ comparedSteps, lossDistance }) =>
      comparedSteps === 0 ? '' : `${lossDistance.toExponential(0)} (${comparedSteps})`,
  },
  { head: 'first step s', cell: ({ firstStepSeconds }) => firstStepSeconds.toFixed(2) },
  { head: 'RSS MiB', cell: ({ rssBytes }) => mebibytes(rssBytes) },
  {
    head: 'engine MiB',
    cell: ({ engineBytes }) => (engineBytes === null ? '' : mebibytes(engineBytes)),
    cpuOnly: true,
  },
]

/** A lesson's table as Markdown that is aligned for a terminal, too. */
export function lessonTable(result: LessonResult, target: Target): string {
  const columns = COLUMNS.filter(({ cpuOnly }) => target === 'cpu' || !cpuOnly)
  const lines = [columns.map(({ head }) => head), ...result.rows.map((row) => columns.map(({ cell }) => cell(row)))]
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  const draw = (line: readonly string[]): string =>
    `| ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i === 0 ? `${'-'.repeat(width + 2)}` : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  const [head = [], ...rows] = lines
  const notes = result.rows.flatMap(({ title, notes, form, comparedSteps, lossDistance }) => [
    ...(form ? [`${title}: ${form}, the fastest of its forms.`] : []),
    ...notes.map((note) => `${title}: ${note}.`),
    ...(lossDistance > LOSS_TOLERANCE
      ? [
          `${title}: its losses over ${comparedSteps} steps differ by more than ${LOSS_TOLERANCE}: not the same training.`,
        ]
      : []),
  ])
  const absent = result.absent.map(({ title, reason }) => `${title} did not run: ${reason.replaceAll('\n', ' ')}`)
  return [draw(head), rule, ...rows.map(draw), '', ...[...notes, ...absent].map((note) => `- ${note}`)].join('\n')
}

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}
