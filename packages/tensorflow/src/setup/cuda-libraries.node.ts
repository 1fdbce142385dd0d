import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What TensorFlow opens by name on a GPU; all but the driver's come with `tensorflow[and-cuda]`. */
const LIBRARIES = [
  'libcuda',
  'libcudart',
  'libcublas',
  'libcublasLt',
  'libcufft',
  'libcusolver',
  'libcusparse',
  'libcudnn',
  'libnccl',
] as const

const SYSTEM_FOLDERS = [
  '/usr/lib',
  '/usr/lib64',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib/wsl/lib',
  '/usr/local/cuda/lib64',
  '/usr/local/nvidia/lib64',
]

/** A CUDA library that TensorFlow looks for. */
export interface CudaLibrary {
  readonly name: string
  /** Where it was found; undefined where it wasn't. */
  readonly path: string | undefined
}

/** Looks for the CUDA libraries where TensorFlow does: beside its wheel, in LD_LIBRARY_PATH, among the system's. */
export function findCudaLibraries(wheelFolder: string, env: NodeJS.ProcessEnv = process.env): CudaLibrary[] {
  const folders = [...wheelFolders(wheelFolder), ...(env.LD_LIBRARY_PATH?.split(':') ?? []), ...SYSTEM_FOLDERS]
  return LIBRARIES.map((name) => ({ name, path: firstWith(name, folders) }))
}

/** True where NVIDIA's driver is installed. */
export function hasNvidiaDriver(env: NodeJS.ProcessEnv = process.env): boolean {
  const folders = [...(env.LD_LIBRARY_PATH?.split(':') ?? []), ...SYSTEM_FOLDERS]
  return existsSync('/proc/driver/nvidia') || firstWith('libcuda', folders) !== undefined
}

/** pip puts each of NVIDIA's packages into a folder of its own: nvidia/cudnn/lib. */
function wheelFolders(wheelFolder: string): string[] {
  const nvidia = join(wheelFolder, '..', 'nvidia')
  return namesIn(nvidia).map((name) => join(nvidia, name, 'lib'))
}

function firstWith(name: string, folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    const file = folder === '' ? undefined : namesIn(folder).find((each) => each.startsWith(`${name}.so.`))
    if (file !== undefined) return join(folder, file)
  }
  return undefined
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
