import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { Placement } from './register.node.ts'
import type { SetupRecord } from './setup-record.node.ts'

/** Where TensorFlow's work runs. */
export interface TensorflowDevice {
  readonly type: 'CPU' | 'GPU'
  /** The device in words: "NVIDIA H100", "AMD EPYC 9575F". */
  readonly name: string
  /** TensorFlow's version. */
  readonly tensorflow: string
  /** CUDA and cuDNN that it was built for, where it runs on a GPU. */
  readonly cuda?: string
  readonly cudnn?: string
  /** Whether a GPU's memory is taken as it is needed. */
  readonly memoryGrowth: boolean
}

/** Runs a matrix product and asks where it was. @throws Error of TensorFlow when it can't run one */
export function tensorflowDevice({ placement, version }: Placement, { wheel }: SetupRecord): TensorflowDevice {
  const index = /device:GPU:(\d+)$/.exec(placement().product)?.[1]
  const common = { tensorflow: version(), memoryGrowth: process.env.TF_FORCE_GPU_ALLOW_GROWTH === 'true' }
  if (index === undefined) return { type: 'CPU', name: cpus()[0]?.model.trim() || 'CPU', ...common }
  const cuda = wheel.cuda === undefined ? {} : { cuda: wheel.cuda }
  const cudnn = wheel.cudnn === undefined ? {} : { cudnn: wheel.cudnn }
  return { type: 'GPU', name: nvidiaNames()[Number(index)] ?? `GPU ${index}`, ...common, ...cuda, ...cudnn }
}

/** What NVIDIA's driver calls its cards, in the order of their bus; empty where it can't be asked. */
export function nvidiaNames(folder = '/proc/driver/nvidia/gpus'): string[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((card) => {
        const text = readFileSync(`${folder}/${card}/information`, 'utf8')
        return /^Model:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? 'NVIDIA GPU'
      })
  } catch {
    return []
  }
}
