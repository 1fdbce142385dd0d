// Measures gicho beside its peers: npm run bench -- cpu. bench/README.md says how.
import { rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeSize } from './code-size.ts'
import { contest } from './contest.ts'
import { writeInputs } from './inputs.ts'
import { describeMachine, load } from './machine.ts'
import { type BenchOptions, readOptions, USAGE } from './options.ts'
import { measurePeak } from './peak.ts'
import { COMPILED, type PeerEntry, roster } from './roster.ts'
import { type LessonResult, LOSS_TOLERANCE, lessonTable } from './table.ts'
import { BATCH_SIZE, type LessonName, lessons } from './work.ts'

/** A machine busier than this measures its other work. */
const QUIET_LOAD = 0.3

function chosen(options: BenchOptions, lesson: LessonName): PeerEntry[] {
  const entries = roster()
  const known = new Set(entries.flatMap(({ id }) => [id, ...lessons.map(({ name }) => `${id}-${name}`)]))
  const unknown = [...options.only, ...options.skip].find((id) => !known.has(id))
  if (unknown) throw new Error(`${unknown}: no such row. Known are ${entries.map(({ id }) => id).join(', ')}.`)
  return entries.filter(({ id, family, slowOn }) => {
    if (id === COMPILED) return true
    if (options.skip.includes(id) || options.skip.includes(`${id}-${lesson}`)) return false
    if (options.only.length > 0) return options.only.includes(id) || options.only.includes(`${id}-${lesson}`)
    return !options.quick || (family !== 'python' && !slowOn?.includes(lesson))
  })
}

async function bench(options: BenchOptions): Promise<void> {
  const say = (text: string): void => console.log(text)
  const machine = describeMachine()
  const startedAt = new Date().toISOString()
  const loadAtStart = load()
  const size = codeSize()
  say(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; load ${loadAtStart.toFixed(2)}`)
  if (loadAtStart > QUIET_LOAD) say('The machine is busy: quote ratios only, or come back when it is quiet.')
  const oneCore = await measurePeak(1)
  const allCores = await measurePeak(machine.cores)
  const peak = (threads: number): number => (threads === machine.cores ? allCores : oneCore * threads)
  say(`128-bit peak: ${oneCore.toFixed(1)} GFLOP/s on one core, ${allCores.toFixed(1)} on ${machine.cores}`)
  const { folder, source, work } = await writeInputs()
  const results: Partial<Record<LessonName, LessonResult>> = {}
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const lesson of lessons.filter(({ name }) => options.lessons.includes(name))) {
    say(`\n${lesson.title}`)
    const entries = chosen(options, lesson.name)
    const counted = work[lesson.name] ?? []
    results[lesson.name] = await contest({ options, lesson, work: counted, folder, entries, peak, say })
  }
  const record = {
    format: 'gicho-bench',
    formatVersion: 1,
    startedAt,
    machine,
    loadAtStart,
    loadAtEnd: load(),
    peakGflops: { oneCore, allCores },
    data: source,
    codeSize: size,
    results,
  }
  const text = report(record)
  say(`\n${text}`)
  if (options.out !== undefined) {
    await mkdir(options.out, { recursive: true })
    const json = join(options.out, `cpu-${startedAt.slice(0, 10)}.json`)
    await writeFile(json, `${JSON.stringify(record, null, 1)}\n`)
    await writeFile(join(options.out, 'cpu.md'), text)
    say(`written: ${json}, ${join(options.out, 'cpu.md')}`)
  }
  for (const { rows } of Object.values(results)) {
    const wrong = rows.filter(({ id, lossDistance }) => id.startsWith('gicho') && lossDistance > LOSS_TOLERANCE)
    for (const { title, lossDistance } of wrong) {
      console.error(`${title}: its losses differ from the reference's by ${lossDistance.toExponential(1)}.`)
      process.exitCode = 1
    }
  }
}

function report(record: {
  readonly startedAt: string
  readonly machine: ReturnType<typeof describeMachine>
  readonly loadAtStart: number
  readonly loadAtEnd: number
  readonly peakGflops: { readonly oneCore: number; readonly allCores: number }
  readonly codeSize: ReturnType<typeof codeSize>
  readonly results: Partial<Record<LessonName, LessonResult>>
}): string {
  const { machine, peakGflops, codeSize: size } = record
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`
  const parts = Object.values(record.results).map(
    (result) => `## ${result.title}

${result.gflopPerStep.toFixed(3)} GFLOP a step of ${BATCH_SIZE} images; losses are compared with those of ${result.reference}.

${lessonTable(result)}
`,
  )
  const versions = new Map(
    Object.values(record.results).flatMap(({ rows }) => rows.map(({ title, version }) => [title, version])),
  )
  return `# The CPU, side by side

${record.startedAt.slice(0, 16).replace('T', ' ')} UTC; ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}; load ${record.loadAtStart.toFixed(2)} at the start, ${record.loadAtEnd.toFixed(2)} at the end (the benchmark's own).
128-bit peak, measured: ${peakGflops.oneCore.toFixed(1)} GFLOP/s on one core, ${peakGflops.allCores.toFixed(1)} on ${machine.cores}. Python peers use wider vectors, so they may pass 100%.

${parts.join('\n')}
Versions: ${[...versions].map(([title, version]) => `${title} ${version}`).join('; ')}.

Code of the compiled engine that a page loads: ${kilobytes(size.loadedGzipBytes)} with gzip (${kilobytes(size.loadedBytes)} plain, not minified); ${kilobytes(size.allGzipBytes)} with the builds for other browsers.
`
}

const results = fileURLToPath(new URL('results', import.meta.url))
const wantsHelp = process.argv.includes('--help')
if (wantsHelp) console.log(USAGE)
else {
  let options: BenchOptions | undefined
  try {
    options = readOptions(process.argv.slice(2), results)
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : error}\n\n${USAGE}`)
    process.exitCode = 2
  }
  if (options) await bench(options)
}
