import { existsSync, readdirSync } from 'node:fs'
import { GichoError, messageOf } from '@gicho/core'
import type { GpuPlatform } from './gpu-access.ts'
import { pageGpu } from './platform.ts'

/** What Linux shows when it drives a GPU: Mesa's and NVIDIA's device files, and WSL's. */
const GPU_FILES = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg']
/** Where Linux has its libraries. */
const LIBRARY_FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib', '/lib64']

/** One for the process: Dawn ends with the last reference to it. */
let dawn: GPU | undefined

/** The version is that of this package's peer dependency. */
const INSTALL = 'Install it with: npm install webgpu@0.6'

async function loadDawn(): Promise<GPU> {
  try {
    const { create, globals } = await import('webgpu')
    for (const [name, value] of Object.entries(globals)) {
      if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
    }
    // No kernel reads shared memory that it hasn't written; clearing it costs time, on software adapters seconds of compiling.
    return create(['enable-dawn-features=disable_workgroup_init'])
  } catch (error) {
    throw new GichoError(
      'unavailable',
      `engine webgpu: the package webgpu (Dawn, 132 MB), which gives Node its WebGPU, ${whyNotLoaded(error)}. ${INSTALL}`,
      { cause: error },
    )
  }
}

function whyNotLoaded(error: unknown): string {
  const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
  return missing ? "isn't installed" : `could not be loaded (${messageOf(error).split('\n', 1)[0]})`
}

function hasVulkanLoader(): boolean {
  return LIBRARY_FOLDERS.some((folder) => {
    try {
      return readdirSync(folder).some((name) => name.startsWith('libvulkan.so'))
    } catch {
      return false
    }
  })
}

/** What an absent adapter most likely comes from, by the device files and libraries of this machine. */
export function whyNoAdapter(
  platform: string,
  has: { readonly gpu: boolean; readonly nvidia: boolean; readonly loader: boolean },
): string {
  if (platform !== 'linux') return 'Install or update the graphics driver.'
  if (!has.gpu) return `This machine shows no GPU (none of ${GPU_FILES.join(', ')}). The wasm engine needs none.`
  if (!has.loader && has.nvidia)
    return 'This machine has an NVIDIA GPU, but no Vulkan loader, as is usual in CUDA containers. Install it with: apt-get install libvulkan1'
  if (!has.loader) return 'This machine has no Vulkan loader. Install it with: apt-get install libvulkan1'
  if (has.nvidia)
    return "This machine has an NVIDIA GPU and a Vulkan loader, but no driver for it: in a container, set NVIDIA_DRIVER_CAPABILITIES to 'all'."
  return 'Install a Vulkan driver: apt-get install mesa-vulkan-drivers'
}

function thisMachine(): Parameters<typeof whyNoAdapter>[1] {
  return {
    gpu: GPU_FILES.some((file) => existsSync(file)),
    nvidia: existsSync('/dev/nvidiactl'),
    loader: hasVulkanLoader(),
  }
}

/** Node, by way of Dawn. */
export const nodePlatform: GpuPlatform = {
  async gpu({ allowSoftware }) {
    const there = pageGpu()
    if (there) return there
    const machine = thisMachine()
    // Asked first: Dawn would print a warning about its Vulkan loader.
    if (process.platform === 'linux' && !allowSoftware && !(machine.gpu && machine.loader))
      throw new GichoError('unavailable', `engine webgpu: no GPU adapter was found. ${nodePlatform.whyNoAdapter()}`)
    dawn ??= await loadDawn()
    return dawn
  },
  whyNoAdapter: () => whyNoAdapter(process.platform, thisMachine()),
}
