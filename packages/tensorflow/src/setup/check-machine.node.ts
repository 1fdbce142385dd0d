import { readdir, statfs } from 'node:fs/promises'
import { GichoError, isJsonObject } from '@gicho/core'
import { PARTS } from '../setup-folder.node.ts'
import { platformName } from '../setup-record.node.ts'

/** What a setup takes on the disk, TensorFlow's wheel and what pip needs to unpack it. */
const NEEDED_GB = { cpu: 3, gpu: 9 }

/** @throws GichoError `unavailable` on a system that TensorFlow's wheels aren't made for */
export function checkSystem(gpu: boolean, platform: string = platformName(), musl: boolean = isMusl()): void {
  if (platform === 'win32-x64' || platform === 'win32-arm64') {
    throw new GichoError(
      'unavailable',
      "TensorFlow's wheel for Windows comes without the library that the binding links with. Use WSL (Linux in Windows), " +
        'where this works; or train by WebGPU: --engine webgpu.',
    )
  }
  if (!['linux-x64', 'linux-arm64', 'darwin-arm64'].includes(platform)) {
    throw new GichoError(
      'unavailable',
      `${platform}: expected Linux on x64 or arm64, or macOS on Apple silicon; TensorFlow has no current wheel for others.`,
    )
  }
  if (musl) {
    throw new GichoError(
      'unavailable',
      "This Linux has musl for its C library (Alpine has), and TensorFlow's wheels need glibc. Use an image with glibc, " +
        'such as node:24-slim.',
    )
  }
  if (gpu && platform === 'darwin-arm64') {
    throw new GichoError(
      'unavailable',
      "--gpu: TensorFlow's CUDA is for Linux. On a Mac the GPU trains by --engine webgpu.",
    )
  }
}

function isMusl(): boolean {
  if (process.platform !== 'linux') return false
  const report: unknown = process.report.getReport()
  const header = isJsonObject(report) ? report.header : undefined
  return isJsonObject(header) && header.glibcVersionRuntime === undefined
}

/** @throws GichoError `io` when there is too little room for a wheel that has to be installed */
export async function checkRoom(folder: string, gpu: boolean): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = (bavail * bsize) / 1e9
  const needed = gpu ? NEEDED_GB.gpu : NEEDED_GB.cpu
  if (free >= needed) return
  throw new GichoError(
    'io',
    `TensorFlow needs about ${needed} GB, and the disk of ${folder} has ${free.toFixed(1)} GB left. ` +
      'Make room, or name a folder on another disk with --dir DIR.',
  )
}

/** @throws GichoError `bad-argument` for a folder with anything else in it */
export async function checkFolder(folder: string): Promise<void> {
  const own: readonly string[] = Object.values(PARTS)
  const foreign = (await readdir(folder)).find((name) => !own.includes(name))
  if (foreign === undefined) return
  throw new GichoError(
    'bad-argument',
    `${folder}: expected an empty folder or an earlier setup, and there is "${foreign}" in it. Name another with --dir DIR.`,
  )
}
