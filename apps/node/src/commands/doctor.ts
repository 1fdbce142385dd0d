import { access, constants, mkdir } from 'node:fs/promises'
import os from 'node:os'
import process from 'node:process'
import { messageOf } from '@gicho/core'
import { cacheRoot, loadMnist } from '@gicho/datasets'
import { defineCommand, type SubCommandsDef } from 'citty'
import type { Io } from '../io.ts'
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
    writeMachine(stdout)
    const hasGpu = await writeGpu(stdout)
    const backends = await writeBackends(stdout)
    const hasData = await writeData(stdout)
    writeLine(stdout)
    for (const advice of adviceFor(backends, hasData, hasGpu)) writeProse(stdout, advice)
    return backends.length > 0 && hasData ? 0 : 1
  },
})

function writeMachine(screen: Screen): void {
  const cpus = os.cpus()
  writeLine(screen, bold(screen, 'Machine'))
  writePairs(screen, [
    ['gicho', gichoVersion()],
    ['Node', process.version],
    ['system', `${os.type()} ${os.release()} (${process.arch})`],
    ['CPU', `${cpus[0]?.model.trim() ?? 'unknown'}, ${os.availableParallelism()} threads`],
    ['memory', `${(os.totalmem() / 2 ** 30).toFixed(1)} GiB, ${(os.freemem() / 2 ** 30).toFixed(1)} free`],
  ])
}

/** One line, or some, on whether a thing is there, which, and why not. */
function writeFound(screen: Screen, name: string, available: boolean, text = 'not available'): void {
  const mark = available ? green(screen, 'yes') : yellow(screen, 'no ')
  const [first = '', ...others] = wrap(text, Math.max(20, screen.width - TEXT_COLUMN - 1))
  writeLine(screen, `  ${mark}  ${name.padEnd(10)}  ${first}`)
  for (const line of others) writeLine(screen, ' '.repeat(TEXT_COLUMN) + line)
}

/** The compiled engines; true when one of them has a GPU. */
async function writeGpu(screen: Screen): Promise<boolean> {
  const { availableGpu } = await import('@gicho/engine/webgpu')
  const { available, device, reason } = await availableGpu()
  writeLine(screen)
  writeLine(screen, bold(screen, 'Compiled engines'))
  writeFound(screen, 'webgpu', available, available ? device : reason)
  writeFound(screen, 'wasm', true, `CPU, ${os.availableParallelism()} threads`)
  return available
}

/** Names of the backends that work here. */
async function writeBackends(screen: Screen): Promise<string[]> {
  const { availableBackends } = await import('@gicho/engine/tfjs')
  const backends = await availableBackends()
  writeLine(screen)
  writeLine(screen, bold(screen, 'Backends of the tfjs engine'))
  for (const { backend, available, device, reason } of backends)
    writeFound(screen, backend, available, available ? device : reason?.replace(`backend ${backend}: `, ''))
  return backends.flatMap(({ backend, available }) => (available ? [backend] : []))
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

function adviceFor(backends: readonly string[], hasData: boolean, hasGpu: boolean): string[] {
  if (backends.length === 0) return ['No backend works here. Reinstall gicho, or use Node 20.19 or newer.']
  const advice: string[] = []
  if (!hasData) advice.push('MNIST was not found. Name a folder with its four IDX files: gicho train mnist --data PATH')
  if (!hasGpu && !backends.includes('webgpu') && !backends.includes('tensorflow')) {
    advice.push('No GPU was found: training runs on the CPU. Lesson 1 takes a minute or two for each pass.')
  }
  return hasData ? [...advice, 'All set. Start with: npx gicho train mnist --epochs 1'] : advice
}
