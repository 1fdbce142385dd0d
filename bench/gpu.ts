import { availableGpu, type GpuReport } from '@gicho/engine/webgpu'
import { describeCard, describeMachine, load } from './machine.ts'
import type { BenchOptions } from './options.ts'
import { failOnWrongLosses, type Results, runLessons, versionsLine, writeResults } from './run-lessons.ts'
import { lessonTable } from './table.ts'

/** gicho beside its peers on this machine's GPU. Where there is none, or only one that computes on the CPU, it says why and ends. */
export async function benchGpu(options: BenchOptions): Promise<void> {
  const say = (text: string): void => console.log(text)
  const gpu = await availableGpu({ allowSoftware: options.software })
  const refusal = refusalOf(gpu)
  if (refusal !== undefined) {
    console.error(`bench: ${refusal}`)
    process.exitCode = 1
    return
  }
  const machine = describeMachine()
  const startedAt = new Date().toISOString()
  const adapter = gpu.device ?? 'GPU'
  const card = gpu.software ? undefined : describeCard()
  const about = { adapter, card, software: options.software }
  say(`${deviceLine(about)}; ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; load ${load().toFixed(2)}`)
  let text = ''
  let json: string | undefined
  const onResult = async (results: Results, data: string): Promise<void> => {
    const record = { format: 'gicho-bench', formatVersion: 2, startedAt, machine, ...about, data, results }
    text = gpuReport(record)
    json = await writeResults(options, record, text)
  }
  const results = await runLessons({ options, say, onResult })
  say(`\n${text}`)
  if (json) say(`written: ${json}`)
  failOnWrongLosses(results)
}

/** Why nothing is measured on what was found; undefined where something is. */
export function refusalOf(gpu: GpuReport): string | undefined {
  if (gpu.available) return undefined
  return `no GPU to measure: ${gpu.reason ?? 'none was found.'} With --software a software adapter shows correctness, not speed.`
}

/** What a report is made of. */
export interface GpuRecord {
  readonly startedAt: string
  readonly machine: ReturnType<typeof describeMachine>
  /** As WebGPU names it. */
  readonly adapter: string
  /** With its driver, as NVIDIA's tool names it. */
  readonly card: string | undefined
  /** The run was shortened to show correctness alone. */
  readonly software: boolean
  readonly results: Results
}

function deviceLine({ adapter, card }: Pick<GpuRecord, 'adapter' | 'card'>): string {
  return card === undefined ? adapter : `${adapter} (${card})`
}

/** The report as Markdown. */
export function gpuReport(record: GpuRecord): string {
  const { machine, results } = record
  const warning = record.software
    ? '\n**Correctness only**: a few steps with `--software`. The times say nothing about speed.\n'
    : ''
  const parts = Object.values(results).map(
    (result) => `## ${result.title}

${result.gflopPerStep.toFixed(3)} GFLOP a step; losses are compared with those of ${result.reference}.

${lessonTable(result, 'gpu')}
`,
  )
  return `# The GPU, side by side
${warning}
${record.startedAt.slice(0, 16).replace('T', ' ')} UTC; ${deviceLine(record)}; ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}. Full float32 everywhere, TF32 off.

${parts.join('\n')}
${versionsLine(results)}
`
}
