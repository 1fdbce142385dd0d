import { access, constants, mkdir } from 'node:fs/promises'
import os from 'node:os'
import process from 'node:process'
import { messageOf } from '@gicho/core'
import { cacheRoot, loadMnist } from '@gicho/datasets'
import type { BackendReport } from '@gicho/engine/tfjs'
import type { GpuReport } from '@gicho/engine/webgpu'
import { defineCommand, type SubCommandsDef } from 'citty'
import { automaticName } from '../automatic-engine.ts'
import type { Io } from '../io.ts'
import { type Machine, thisMachine } from '../machine.ts'
import { languageOption } from '../options.ts'
import { bold, green, type Screen, writeLine, writePairs, writeProse, yellow } from '../terminal/screen.ts'
import { wrap } from '../terminal/text.ts'
import { gichoVersion } from '../versions.ts'

/** Where the words about a backend begin. */
const TEXT_COLUMN = 19

const args = { lang: languageOption } as const

/** `gicho doctor`: what this machine can do, and what to do about what it can't. */
export const doctor: SubCommandsDef[string] = defineCommand({
  meta: { name: 'doctor', description: 'Say what this machine can train on, and what is missing' },
  args,
  async run({ data }) {
    const { stdout }: Io = data
    return examine(stdout, thisMachine)
  },
})

/** Writes what a machine has; gives the command's exit code. */
export async function examine(screen: Screen, machine: Machine): Promise<number> {
  writeMachine(screen)
  const gpu = await machine.gpu({ opens: true })
  // Without software: Dawn would print a warning about its Vulkan loader where there is no GPU.
  const backends = await machine.backends({ acceptSoftware: false })
  const tensorflow = backends.find(({ backend }) => backend === 'tensorflow')
  const automatic = automaticName(machine, gpu, tensorflow)
  writeEngines(screen, gpu, automatic)
  writeBackends(screen, backends)
  const hasData = await writeData(screen)
  const works = backends.some(({ available }) => available)
  writeLine(screen)
  for (const advice of adviceFor(works, hasData, automatic !== 'wasm')) writeProse(screen, advice)
  return works && hasData ? 0 : 1
}

function writeMachine(screen: Screen): void {
  const cpus = os.cpus()
  writeLine(screen, bold(screen, 'Machine'))
  writePairs(screen, [
    ['gicho', gichoVersion()],
    ['Node', nodeText(process.version)],
    ['system', `${os.type()} ${os.release()} (${process.arch})`],
    ['CPU', `${cpus[0]?.model.trim() ?? 'unknown'}, ${os.availableParallelism()} threads`],
    ['memory', `${(os.totalmem() / 2 ** 30).toFixed(1)} GiB, ${(os.freemem() / 2 ** 30).toFixed(1)} free`],
  ])
}

/** Older ones have no relaxed SIMD, or compile the kernels to slower code. */
const FAST_NODE = 24

/** A version, and whether a newer one trains faster. */
export function nodeText(version: string): string {
  const major = Number(/^v(\d+)/.exec(version)?.[1])
  return major < FAST_NODE ? `${version} (Node ${FAST_NODE} trains faster)` : version
}

/** One line, or some, on whether a thing is there, which, and why not. */
function writeFound(screen: Screen, name: string, available: boolean, text = 'not available'): void {
  const mark = available ? green(screen, 'yes') : yellow(screen, 'no ')
  const [first = '', ...others] = wrap(text, Math.max(20, screen.width - TEXT_COLUMN - 1))
  writeLine(screen, `  ${mark}  ${name.padEnd(10)}  ${first}`)
  for (const line of others) writeLine(screen, ' '.repeat(TEXT_COLUMN) + line)
}

function writeEngines(screen: Screen, { available, device, reason }: GpuReport, automatic: string): void {
  writeLine(screen)
  writeLine(screen, bold(screen, `Engines (--engine NAME; without it, ${automatic} trains here)`))
  writeFound(screen, 'webgpu', available, available ? `compiled for the GPU: ${device ?? 'GPU'}` : reason)
  writeFound(screen, 'wasm', true, `compiled for the CPU, ${os.availableParallelism()} threads`)
  writeFound(screen, 'tfjs', true, 'TensorFlow.js, slower, on one of its backends:')
}

function writeBackends(screen: Screen, backends: readonly BackendReport[]): void {
  writeLine(screen)
  writeLine(screen, bold(screen, 'Backends of tfjs (--backend NAME; every "no" is optional)'))
  for (const { backend, available, device, reason } of backends)
    writeFound(screen, backend, available, available ? device : reason?.replace(`backend ${backend}: `, ''))
}

async function writeData(screen: Screen): Promise<boolean> {
  const folder = cacheRoot()
  writeLine(screen)
  writeLine(screen, bold(screen, 'Data'))
  const source = await loadMnist().then(
    ({ train }) => ({ found: true, text: train.source }),
    (error: unknown) => ({ found: false, text: messageOf(error) }),
  )
  writePairs(screen, [
    ['cache', `${folder} (${await stateOf(folder)})`],
    ['mnist', source.text],
    ['sign-language', 'fetched when lessons 2 to 5 need it (66 MB)'],
  ])
  return source.found
}

async function stateOf(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
    return 'writable'
  } catch (error) {
    return `not writable: ${messageOf(error)}`
  }
}

function adviceFor(works: boolean, hasData: boolean, hasGpu: boolean): string[] {
  if (!works)
    return ['No backend of tfjs works here, and models need one. Reinstall gicho, or use Node 20.19 or newer.']
  const advice: string[] = []
  if (!hasGpu) {
    advice.push(
      'No GPU will be used, and none is needed: on two cores lesson 1 takes less than a minute, lessons 3 and 4 about three minutes.',
    )
  }
  if (hasData) return [...advice, 'All set. Start with: npx gicho train mnist --epochs 1']
  return [...advice, 'MNIST was not found. Name a folder with its four IDX files: npx gicho train mnist --data PATH']
}
