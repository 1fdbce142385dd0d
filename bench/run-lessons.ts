// What the CPU's and the GPU's benchmark do alike: all contests of the options, and what is written of them.
import { rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contest } from './contest.ts'
import { writeInputs } from './inputs.ts'
import type { BenchOptions } from './options.ts'
import { chosenEntries, ROUNDED } from './roster.ts'
import { type LessonResult, LOSS_TOLERANCE } from './table.ts'
import { lessons } from './work.ts'

/** Results by lesson and batch size: `network-32`. */
export type Results = Readonly<Record<string, LessonResult>>

/** What the contests need beside the options. */
export interface LessonsSettings {
  readonly options: BenchOptions
  /** GFLOP/s that so many threads can do; on a GPU unknown. */
  readonly peak?: (threads: number) => number
  readonly say: (text: string) => void
  /** Told of all results so far after each contest, so that a run that is cut off leaves something. */
  readonly onResult: (results: Results, data: string) => Promise<void>
}

/** Every lesson of the options at every batch size. */
export async function runLessons({ options, onResult, ...rest }: LessonsSettings): Promise<Results> {
  const { folder, source, work } = await writeInputs(options)
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  let results: Results = {}
  for (const lesson of lessons.filter(({ name }) => options.lessons.includes(name))) {
    for (const batchSize of options.batchSizes) {
      rest.say(`\n${lesson.title}, batches of ${batchSize}`)
      const entries = chosenEntries(options, lesson.name)
      const counted = work[lesson.name] ?? []
      const result = await contest({ options, lesson, batchSize, work: counted, folder, entries, ...rest })
      results = { ...results, [`${lesson.name}-${batchSize}`]: result }
      await onResult(results, source)
    }
  }
  return results
}

/** Writes a target's record and report, where the options say so. */
export async function writeResults(
  { target, out }: BenchOptions,
  record: { readonly startedAt: string },
  report: string,
): Promise<string | undefined> {
  if (out === undefined) return undefined
  await mkdir(out, { recursive: true })
  const json = join(out, `${target}-${record.startedAt.slice(0, 10)}.json`)
  await writeFile(json, `${JSON.stringify(record, null, 1)}\n`)
  await writeFile(join(out, `${target}.md`), report)
  return json
}

/** One line with everybody's version. */
export function versionsLine(results: Results): string {
  const versions = new Map(
    Object.values(results).flatMap(({ rows }) => rows.map(({ title, version }) => [title, version])),
  )
  return `Versions: ${[...versions].map(([title, version]) => `${title} ${version}`).join('; ')}.`
}

/** Lets the process fail where one of gicho's rows computed something else than the reference. */
export function failOnWrongLosses(results: Results): void {
  for (const { title: lesson, rows } of Object.values(results)) {
    const wrong = rows.filter(
      ({ id, lossDistance }) => id.startsWith('gicho') && id !== ROUNDED && lossDistance > LOSS_TOLERANCE,
    )
    for (const { title, lossDistance } of wrong) {
      console.error(`${lesson}: ${title}: its losses differ from the reference's by ${lossDistance.toExponential(1)}.`)
      process.exitCode = 1
    }
  }
}
