import os from 'node:os'
import process from 'node:process'
import { defineCommand, type SubCommandsDef } from 'citty'
import { automaticName } from '../automatic-engine.ts'
import { calledAs } from '../called-as.ts'
import { type DataReport, dataOnThisMachine } from '../data-report.ts'
import type { Io } from '../io.ts'
import { type Machine, thisMachine } from '../machine.ts'
import { jsonOption, languageOption } from '../options.ts'
import { bold, green, type Screen, writeLine, writePairs, writeProse, yellow } from '../terminal/screen.ts'
import { wrap } from '../terminal/text.ts'
import { gichoVersion } from '../versions.ts'

/** Where the words about a backend begin. */
const TEXT_COLUMN = 19

const args = { json: jsonOption, lang: languageOption } as const

/** `gicho doctor`: what this machine can do, and what to do about what it can't. */
export const doctor: SubCommandsDef[string] = defineCommand({
  meta: { name: 'doctor', description: 'Say what this machine can train on, and what is missing' },
  args,
  async run({ args: given, data }) {
    const io: Io = data
    const report = await examine(thisMachine, dataOnThisMachine)
    if (given.json) io.event({ event: 'doctor', ...report })
    else showReport(io.stdout, report)
    return report.works ? 0 : 1
  },
})

/** One thing that may be there: an engine or a backend. */
interface Found {
  readonly name: string
  readonly available: boolean
  /** What it is, or why it isn't there. */
  readonly text: string
}

/** What `gicho doctor --json` prints. */
export interface Report {
  readonly gicho: string
  readonly node: string
  readonly system: string
  readonly cpu: string
  readonly threads: number
  readonly memoryBytes: number
  readonly freeMemoryBytes: number
  /** The engine that trains where none is named. */
  readonly automatic: string
  readonly engines: readonly Found[]
  readonly backends: readonly Found[]
  /** The parts of a TensorFlow that was set up; empty where none was. */
  readonly tensorflow: readonly Found[]
  readonly data: DataReport
  /** True when lesson 1 can be trained. */
  readonly works: boolean
  readonly advice: readonly string[]
}

/** Looks at a machine. */
export async function examine(machine: Machine, lookForData: () => Promise<DataReport>): Promise<Report> {
  const gpu = await machine.gpu({ opens: true })
  // Without software: Dawn would print a warning about its Vulkan loader where there is no GPU.
  const reports = await machine.backends({ acceptSoftware: false })
  const tensorflow = reports.find(({ backend }) => backend === 'tensorflow')
  const automatic = automaticName(await machine.hasCudaTensorflow(), gpu, tensorflow)
  const threads = os.availableParallelism()
  const data = await lookForData()
  const hasBackend = reports.some(({ available }) => available)
  return {
    gicho: gichoVersion(),
    node: process.version,
    system: `${os.type()} ${os.release()} (${process.arch})`,
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    threads,
    memoryBytes: os.totalmem(),
    freeMemoryBytes: os.freemem(),
    automatic,
    engines: [
      found('webgpu', gpu.available, gpu.available ? `compiled for the GPU: ${gpu.device ?? 'GPU'}` : gpu.reason),
      found('wasm', true, `compiled for the CPU, ${threads} threads`),
      found('tfjs', hasBackend, 'TensorFlow.js, slower, on one of its backends:'),
    ],
    backends: reports.map(({ backend, available, device, reason }) =>
      found(backend, available, available ? device : reason?.replace(`backend ${backend}: `, '')),
    ),
    tensorflow: (await machine.tensorflow()).map(({ part, ok, text }) => found(part, ok, text)),
    data,
    works: hasBackend && data.mnist.found,
    advice: adviceFor(hasBackend, data, automatic !== 'wasm'),
  }
}

function found(name: string, available: boolean, text = 'not available'): Found {
  return { name, available, text }
}

function adviceFor(works: boolean, { cache, mnist }: DataReport, hasGpu: boolean): string[] {
  if (!works)
    return ['No backend of tfjs works here, and models need one. Reinstall gicho, or use Node 20.19 or newer.']
  const advice: string[] = []
  if (!hasGpu) {
    advice.push(
      'No GPU will be used, and none is needed: on two cores lesson 1 takes less than a minute, lessons 3 and 4 about three minutes.',
    )
  }
  if (!cache.writable) {
    advice.push(
      `Downloads can't be kept in ${cache.folder}, so each lesson that needs one would fetch it again. ` +
        'Name a folder that can be written in the variable GICHO_CACHE_DIR.',
    )
  }
  const start = `${calledAs()} train mnist --epochs 1`
  if (!mnist.found) {
    advice.push(
      'MNIST was not found here; a lesson would try to download it. ' +
        `Or name a folder with its four IDX files: ${calledAs()} train mnist --data PATH`,
    )
  } else advice.push(cache.writable ? `All set. Start with: ${start}` : `Lesson 1 needs no download: ${start}`)
  return advice
}

/** Writes a report for people. */
export function showReport(screen: Screen, report: Report): void {
  const { cpu, threads, memoryBytes, freeMemoryBytes, automatic } = report
  const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1)
  writeLine(screen, bold(screen, 'Machine'))
  writePairs(screen, [
    ['gicho', report.gicho],
    ['Node', nodeText(report.node)],
    ['system', report.system],
    ['CPU', `${cpu}, ${threads} threads`],
    ['memory', `${gib(memoryBytes)} GiB, ${gib(freeMemoryBytes)} free`],
  ])
  writeSection(screen, `Engines (--engine NAME; without it, ${automatic} trains here)`, report.engines)
  writeSection(screen, 'Backends of tfjs (--backend NAME; every "no" is optional)', report.backends)
  if (report.tensorflow.length > 0) writeSection(screen, 'TensorFlow (--backend tensorflow)', report.tensorflow)
  const { cache, mnist, signLanguage } = report.data
  writeSection(screen, 'Data', [
    found(
      'cache',
      cache.writable,
      `${cache.folder} (${cache.writable ? 'writable' : `not writable: ${cache.reason}`})`,
    ),
    found('mnist', mnist.found, mnist.text),
    found('asl', signLanguage.found, `Sign Language MNIST: ${signLanguage.text}`),
  ])
  writeLine(screen)
  for (const advice of report.advice) writeProse(screen, advice)
}

/** Older ones have no relaxed SIMD, or compile the kernels to slower code. */
const FAST_NODE = 24

/** A version, and whether a newer one trains faster. */
export function nodeText(version: string): string {
  const major = Number(/^v(\d+)/.exec(version)?.[1])
  return major < FAST_NODE ? `${version} (Node ${FAST_NODE} trains faster)` : version
}

/** A line, or some, on each thing: whether it is there, which, and why not. */
function writeSection(screen: Screen, title: string, things: readonly Found[]): void {
  writeLine(screen)
  writeLine(screen, bold(screen, title))
  for (const { name, available, text } of things) {
    const mark = available ? green(screen, 'yes') : yellow(screen, 'no ')
    const [first = '', ...others] = wrap(text, Math.max(20, screen.width - TEXT_COLUMN - 1))
    writeLine(screen, `  ${mark}  ${name.padEnd(10)}  ${first}`)
    for (const line of others) writeLine(screen, ' '.repeat(TEXT_COLUMN) + line)
  }
}
