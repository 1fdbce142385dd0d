import { codeSize } from './code-size.ts'
import { describeMachine, load } from './machine.ts'
import type { BenchOptions } from './options.ts'
import { measurePeak } from './peak.ts'
import { failOnWrongLosses, type Results, runLessons, versionsLine, writeResults } from './run-lessons.ts'
import { lessonTable } from './table.ts'

/** A machine busier than this measures its other work. */
const QUIET_LOAD = 0.3

/** gicho beside its peers on this machine's CPU. */
export async function benchCpu(options: BenchOptions): Promise<void> {
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
  let text = ''
  let json: string | undefined
  const onResult = async (results: Results, data: string): Promise<void> => {
    const record: CpuRecord = {
      format: 'gicho-bench',
      formatVersion: 2,
      startedAt,
      machine,
      loadAtStart,
      loadAtEnd: load(),
      peakGflops: { oneCore, allCores },
      data,
      codeSize: size,
      results,
    }
    text = cpuReport(record)
    json = await writeResults(options, record, text)
  }
  const results = await runLessons({ options, peak, say, onResult })
  say(`\n${text}`)
  if (json) say(`written: ${json}`)
  failOnWrongLosses(results)
}

interface CpuRecord {
  readonly format: string
  readonly formatVersion: number
  readonly startedAt: string
  readonly machine: ReturnType<typeof describeMachine>
  readonly loadAtStart: number
  readonly loadAtEnd: number
  readonly peakGflops: { readonly oneCore: number; readonly allCores: number }
  readonly data: string
  readonly codeSize: ReturnType<typeof codeSize>
  readonly results: Results
}

function cpuReport(record: CpuRecord): string {
  const { machine, peakGflops, codeSize: size } = record
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`
  const parts = Object.values(record.results).map(
    (result) => `## ${result.title}

${result.gflopPerStep.toFixed(3)} GFLOP a step; losses are compared with those of ${result.reference}.

${lessonTable(result, 'cpu')}
`,
  )
  return `# The CPU, side by side

${record.startedAt.slice(0, 16).replace('T', ' ')} UTC; ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}; load ${record.loadAtStart.toFixed(2)} at the start, ${record.loadAtEnd.toFixed(2)} at the end (the benchmark's own).
128-bit peak, measured: ${peakGflops.oneCore.toFixed(1)} GFLOP/s on one core, ${peakGflops.allCores.toFixed(1)} on ${machine.cores}. Python peers use wider vectors, so they may pass 100%.

${parts.join('\n')}
${versionsLine(record.results)}

Code of the compiled engine that a page loads: ${kilobytes(size.loadedGzipBytes)} with gzip (${kilobytes(size.loadedBytes)} plain, not minified); ${kilobytes(size.allGzipBytes)} with the builds for other browsers.
`
}
