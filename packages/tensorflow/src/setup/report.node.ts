import { resolve } from 'node:path'
import { messageOf } from '@gicho/core'
import { setupFolder } from '../setup-folder.node.ts'
import { readRecord, whyStale } from '../setup-record.node.ts'
import { findCudaLibraries } from './cuda-libraries.node.ts'
import { proveTraining } from './prove.node.ts'

/** One line about a setup: a part of it, whether it is well, and which it is or what is wrong. */
export interface ReportLine {
  readonly part: 'setup' | 'wheel' | 'binding' | 'device' | 'CUDA'
  readonly ok: boolean
  readonly text: string
}

/** Says of each part of a setup what it is; trains a step to see the device. A single line where there is no setup. */
export async function reportTensorflow(named?: string): Promise<ReportLine[]> {
  const folder = named === undefined ? setupFolder() : resolve(named)
  try {
    const record = readRecord(folder)
    if (record === undefined)
      return [{ part: 'setup', ok: false, text: 'not set up. For tfjs on TensorFlow: npx --no gicho-tensorflow setup' }]
    const stale = whyStale(record, folder)
    if (stale) return [{ part: 'setup', ok: false, text: stale }]
    const { wheel, compiler, tfjsNode } = record
    const lines: ReportLine[] = [
      { part: 'wheel', ok: true, text: `TensorFlow ${wheel.version} in ${wheel.folder}` },
      { part: 'binding', ok: true, text: `tfjs-node ${tfjsNode}, built by ${compiler}` },
    ]
    const device = await proveTraining(record).then(
      ({ type, name }) => ({ ok: true, text: `${type}, ${name}` }),
      (error: unknown) => ({ ok: false, text: messageOf(error) }),
    )
    lines.push({ part: 'device', ...device })
    if (record.gpu) lines.push(cudaLine(wheel.folder, wheel.cuda))
    return lines
  } catch (error) {
    return [{ part: 'setup', ok: false, text: messageOf(error) }]
  }
}

function cudaLine(wheelFolder: string, version: string | undefined): ReportLine {
  const libraries = findCudaLibraries(wheelFolder)
  const missing = libraries.filter(({ path }) => path === undefined).map(({ name }) => name)
  const built = `built for CUDA ${version ?? 'of an unknown version'}`
  if (missing.length === 0) return { part: 'CUDA', ok: true, text: `${built}; all of its libraries were found` }
  const remedy = missing.includes('libcuda') ? "libcuda is NVIDIA's driver: install it. " : ''
  return {
    part: 'CUDA',
    ok: false,
    text: `${built}; missing: ${missing.join(', ')}. ${remedy}The others come with: npx --no gicho-tensorflow setup --gpu --again`,
  }
}
