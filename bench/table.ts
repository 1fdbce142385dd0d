import type { Spread } from './statistics.ts'

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
  /** Of the 128-bit peak of as many threads. */
  readonly peakShare: number
  /** How many times the compiled engine's time on all cores. */
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
  readonly gflopPerStep: number
  readonly reference: string
  readonly rows: readonly Row[]
  readonly absent: readonly Absence[]
}

/** What losses may differ by. */
export const LOSS_TOLERANCE = 1e-3

const HEAD = [
  'engine',
  'threads',
  'ms/step',
  'min',
  'max',
  'GFLOP/s',
  'of 128-bit peak',
  'times gicho',
  'losses differ by',
  'first step s',
  'RSS MiB',
  'engine MiB',
]

/** A lesson's table as Markdown that is aligned for a terminal, too. */
export function lessonTable(result: LessonResult): string {
  const lines = [HEAD, ...result.rows.map(cells)]
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
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

function cells(row: Row): string[] {
  const { median, min, max } = row.msPerStep
  return [
    row.title,
    String(row.threads),
    ...[median, min, max].map(threeDigits),
    row.gflops.toPrecision(3),
    `${(row.peakShare * 100).toPrecision(3)}%`,
    threeDigits(row.ratio),
    row.comparedSteps === 0 ? '' : `${row.lossDistance.toExponential(0)} (${row.comparedSteps})`,
    row.firstStepSeconds.toFixed(2),
    mebibytes(row.rssBytes),
    row.engineBytes === null ? '' : mebibytes(row.engineBytes),
  ]
}

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}
