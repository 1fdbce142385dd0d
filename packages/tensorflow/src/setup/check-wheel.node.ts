import { join } from 'node:path'
import type { Wheel } from '../setup-record.node.ts'
import { sizeOf } from '../setup-record.node.ts'
import type { Tested } from './tested.node.ts'

/** Why a TensorFlow can't be built against, in words that follow its name; undefined when it can. */
export function whyUnfit(wheel: Wheel, tested: Tested, gpu: boolean): string | undefined {
  const { version, folder } = wheel
  if (!/^\d+\.\d+\.\d+$/.test(version)) return `is a nightly or a pre-release (${version}); a release is needed`
  if (compareVersions(version, tested.from) < 0) return `is ${version}; ${tested.from} or newer is needed`
  if (wheel.libraryBytes === 0) return `in ${folder} has no libtensorflow_cc to link with`
  const header = join('include', 'tensorflow', 'c', 'eager', 'c_api.h')
  if (sizeOf(join(folder, header)) === undefined) return `in ${folder} comes without its headers (${header})`
  if (gpu && wheel.cuda === undefined) return `${version} is built for the CPU alone, and --gpu needs CUDA`
  return undefined
}

/** True for a TensorFlow that is newer than any that was tried. */
export function isUntried(wheel: Wheel, tested: Tested): boolean {
  return compareVersions(wheel.version, tested.below) >= 0
}

/** Negative, zero or positive, as the first version is older, the same or newer; by its numbers, "2.9" before "2.16". */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map((part) => Number.parseInt(part, 10) || 0))
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
