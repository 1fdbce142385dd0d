/*
 * WebGPU for tests on a machine without a GPU: @sparticuz/chromium carries SwiftShader, a Vulkan driver that computes on
 * the CPU, and a Vulkan loader. They are unpacked once; a process that starts with the environment given here finds them.
 * It proves correctness and says nothing about speed. linux-x64 only.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

const BLOCK = 512
const FILES: ReadonlySet<string> = new Set(['libvk_swiftshader.so', 'libvulkan.so.1', 'vk_swiftshader_icd.json'])

/** The environment variables with which a new process finds the software GPU. LD_LIBRARY_PATH is read at its start. */
export function softwareWebGpuEnvironment(): Record<string, string> {
  const folder = unpackOnce()
  return { VK_DRIVER_FILES: join(folder, 'vk_swiftshader_icd.json'), LD_LIBRARY_PATH: folder }
}

/** Kept: Dawn ends with the last reference to it, and takes its devices along. */
let dawn: GPU | undefined

/** Flags of dlopen: resolve now, for all later libraries, and stay. */
const STAY = 0x2 | 0x100 | 0x1000

/**
 * The software GPU in this very process: with the Vulkan loader in memory, Dawn finds it without a library path. Node says that it is
 * no module of its own, which is right.
 */
export async function softwareGpu(): Promise<GPU> {
  if (dawn) return dawn
  const folder = unpackOnce()
  process.env.VK_DRIVER_FILES = join(folder, 'vk_swiftshader_icd.json')
  try {
    process.dlopen({ exports: {} }, join(folder, 'libvulkan.so.1'), STAY)
  } catch (error) {
    if (!(error instanceof Error && /self-register/.test(error.message))) throw error
  }
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  // Clearing shared memory, which no kernel here relies on, takes SwiftShader half a second a kernel to compile.
  dawn = create(['enable-dawn-features=disable_workgroup_init'])
  return dawn
}

/** A device of the software GPU, with subgroups unless said; what goes wrong beside every error scope fails the process. */
export async function softwareDevice(requiredFeatures: GPUFeatureName[] = ['subgroups']): Promise<GPUDevice> {
  const adapter = await (await softwareGpu()).requestAdapter()
  if (!adapter) throw new Error('no software adapter: is @sparticuz/chromium unpacked?')
  const device = await adapter.requestDevice({ requiredFeatures })
  device.addEventListener('uncapturederror', ({ error }) => {
    throw new Error(error.message)
  })
  return device
}

/** Runs a module in a new Node with the software GPU. Resolves with its exit code and what it printed. */
export function runWithSoftwareWebGpu(
  script: string | URL,
  args: readonly string[] = [],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const file = typeof script === 'string' ? script : script.pathname
  const env = { ...process.env, ...softwareWebGpuEnvironment(), NODE_OPTIONS: '' }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--no-warnings', file, ...args], { env })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (data) => {
      stdout += data
    })
    child.stderr.on('data', (data) => {
      stderr += data
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

function unpackOnce(): string {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve('@sparticuz/chromium').replace(/(?<=@sparticuz[/\\]chromium).*/, '')
  const { version } = JSON.parse(readFileSync(join(manifest, 'package.json'), 'utf8'))
  const folder = join(tmpdir(), `gicho-swiftshader-${version}`)
  if (existsSync(folder)) return folder
  const archive = readFileSync(join(manifest, 'bin', 'swiftshader.tar.br'))
  // Into a folder of this process alone, which then takes its name in one step: tests run side by side.
  const own = `${folder}.${process.pid}`
  for (const [name, content] of untar(brotliDecompressSync(archive))) {
    if (!FILES.has(name)) continue
    mkdirSync(dirname(join(own, name)), { recursive: true })
    writeFileSync(join(own, name), content, { mode: 0o755 })
  }
  try {
    renameSync(own, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** The plain files of a tar archive: a header block (name at 0, octal size at 124, type at 156), then the content. */
function* untar(archive: Buffer): Generator<[name: string, content: Buffer]> {
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const name = textAt(archive, at, 100)
    if (name === '') return
    const size = Number.parseInt(textAt(archive, at + 124, 12), 8)
    const type = archive[at + 156]
    if (type === 0x30 || type === 0) yield [name.replace(/^\.\//, ''), archive.subarray(at + BLOCK, at + BLOCK + size)]
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
}

function textAt(archive: Buffer, at: number, length: number): string {
  return archive
    .toString('latin1', at, at + length)
    .replace(/\0.*$/s, '')
    .trim()
}
